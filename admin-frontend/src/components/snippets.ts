/** How to use a key, ready to paste. */
export interface Snippet {
  key: string
  label: string
  text: string
}

/** The address that SDKs are given: this server's own. */
export const baseUrl = (): string => `${location.origin}/v1`

export function environment(secret: string, base = baseUrl()): string {
  return `OPENAI_BASE_URL=${base}\nOPENAI_API_KEY=${secret}\n`
}

export function snippets(secret: string, model: string, base = baseUrl()): Snippet[] {
  return [
    { key: 'env', label: '.env', text: environment(secret, base).trimEnd() },
    { key: 'curl', label: 'curl', text: curl(secret, model, base) },
    { key: 'python', label: 'Python', text: python(secret, model, base) },
    { key: 'node', label: 'Node', text: node(secret, model, base) },
  ]
}

const curl = (secret: string, model: string, base: string): string => `curl ${base}/chat/completions \\
  -H "Authorization: Bearer ${secret}" \\
  -H "Content-Type: application/json" \\
  -d '{"model": "${model}", "messages": [{"role": "user", "content": "Hello"}]}'`

const python = (secret: string, model: string, base: string): string => `from openai import OpenAI

client = OpenAI(
    base_url="${base}",
    api_key="${secret}",
)
answer = client.chat.completions.create(
    model="${model}",
    messages=[{"role": "user", "content": "Hello"}],
)
print(answer.choices[0].message.content)`

const node = (secret: string, model: string, base: string): string => `import OpenAI from 'openai'

const client = new OpenAI({
  baseURL: '${base}',
  apiKey: '${secret}',
})
const answer = await client.chat.completions.create({
  model: '${model}',
  messages: [{ role: 'user', content: 'Hello' }],
})
console.log(answer.choices[0].message.content)`

import type { Wanted } from '@/api/completions'
import type { Snippet } from '@/components/snippets'

const KEY = 'OPENAI_API_KEY'

/** The request of the playground as code that asks the same. The key is taken from the environment. */
export function codeOf(wanted: Wanted, base: string): Snippet[] {
  return [
    { key: 'curl', label: 'curl', text: curl(wanted, base) },
    { key: 'python', label: 'Python', text: python(wanted, base) },
    { key: 'node', label: 'Node', text: node(wanted, base) },
  ]
}

function curl(wanted: Wanted, base: string): string {
  const body = JSON.stringify(wanted, null, 2).replaceAll("'", `'\\''`)
  return `curl ${base}/chat/completions \\\n  -H "Authorization: Bearer $${KEY}" \\\n  -H "Content-Type: application/json" \\\n  -d '${body}'`
}

function python(wanted: Wanted, base: string): string {
  const { stream, ...asked } = wanted
  const given = Object.entries(asked).filter(([, value]) => value !== undefined)
  const lines = given.map(([name, value]) => `    ${name}=${literal(value)},`)
  const head = `import os\n\nfrom openai import OpenAI\n\nclient = OpenAI(\n    base_url=${literal(base)},\n    api_key=os.environ["${KEY}"],\n)\n`
  const call = `client.chat.completions.create(\n${lines.join('\n')}${stream ? '\n    stream=True,' : ''}\n)`
  if (!stream) return `${head}answer = ${call}\nprint(answer.choices[0].message.content)`
  return `${head}for chunk in ${call}:\n    if chunk.choices:\n        print(chunk.choices[0].delta.content or "", end="", flush=True)`
}

function node(wanted: Wanted, base: string): string {
  const { stream, ...asked } = wanted
  const body = JSON.stringify({ ...asked, ...(stream ? { stream } : {}) }, null, 2)
  const head = `import OpenAI from 'openai'\n\nconst client = new OpenAI({\n  baseURL: ${JSON.stringify(base)},\n  apiKey: process.env.${KEY},\n})\n`
  const call = `await client.chat.completions.create(${body})`
  if (!stream) return `${head}const answer = ${call}\nconsole.log(answer.choices[0].message.content)`
  return `${head}const stream = ${call}\nfor await (const chunk of stream) process.stdout.write(chunk.choices[0]?.delta?.content ?? '')`
}

/** JSON's strings, numbers, lists and objects are Python's, too. */
const literal = (value: unknown): string => JSON.stringify(value)

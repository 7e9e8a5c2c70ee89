import axios from 'axios'
import { ApiError } from './http'

/** The data plane, called as an application would: with a key, which is kept nowhere. */
const gateway = axios.create({ baseURL: '/v1', timeout: 60_000, withCredentials: false, validateStatus: () => true })

const bearer = (secret: string) => ({ headers: { Authorization: `Bearer ${secret}` } })

interface Answer {
  choices?: { message: { content: string } }[]
  usage?: { total_tokens: number; cost?: number | null }
  error?: { message: string; code: string; request_id?: string }
}

export interface Trial {
  text: string
  tokens: number
  ms: number
  requestId: string | null
}

/** The models that this key may use, the demo's first: they cost nothing. */
export async function modelsOf(secret: string): Promise<string[]> {
  const { data, status } = await gateway.get<{ data?: { id: string }[] }>('/models', bearer(secret))
  if (status !== 200) return []
  const ids = (data.data ?? []).map((each) => each.id)
  return [...ids.filter((id) => id === 'demo/echo'), ...ids.filter((id) => id !== 'demo/echo')]
}

/** Sends one short message. Raises ApiError with what the gateway or the provider answered. */
export async function tryOut(secret: string, model: string, message: string): Promise<Trial> {
  const began = performance.now()
  const body = { model, messages: [{ role: 'user', content: message }], max_tokens: 64 }
  const { data, status, headers } = await gateway.post<Answer>('/chat/completions', body, bearer(secret))
  const requestId = (headers['x-request-id'] as string | undefined) ?? null
  if (status !== 200 || data.error) {
    const error = data.error
    throw new ApiError(error?.message ?? String(status), status, error?.code ?? `http_${status}`, null, error?.request_id ?? requestId)
  }
  return {
    text: data.choices?.[0]?.message.content ?? '',
    tokens: data.usage?.total_tokens ?? 0,
    ms: performance.now() - began,
    requestId,
  }
}

import axios from 'axios'
import { ApiError } from './http'
import { eventsOf } from './events'

export interface Wanted {
  model: string
  messages: { role: 'system' | 'user'; content: string }[]
  temperature?: number
  max_tokens?: number
  stream?: boolean
}

export interface Answered {
  text: string
  finish: string | null
  inputTokens: number | null
  outputTokens: number | null
  /** USD; null where no price is known. */
  cost: number | null
  /** Until the first piece of text; null without a stream. */
  firstMs: number | null
  ms: number
  /** What the request log knows it by. */
  id: string | null
}

interface Usage {
  prompt_tokens: number
  completion_tokens: number
  cost?: number | null
}

interface Piece {
  choices?: { delta?: { content?: string | null }; message?: { content: string | null }; finish_reason?: string | null }[]
  usage?: Usage | null
  error?: { message: string; code: string; request_id?: string }
}

/** The data plane as a browser can stream from it. The key comes with each call and is kept nowhere. */
const gateway = axios.create({ baseURL: '/v1', adapter: 'fetch', withCredentials: false, validateStatus: () => true })

/** Asks a model; `on` is told each piece of text as it comes. Raises ApiError with what went wrong. */
export async function complete(secret: string, wanted: Wanted, on: (text: string) => void, signal: AbortSignal): Promise<Answered> {
  const began = performance.now()
  const answered: Answered = { text: '', finish: null, inputTokens: null, outputTokens: null, cost: null, firstMs: null, ms: 0, id: null }
  const body = wanted.stream ? { ...wanted, stream_options: { include_usage: true } } : wanted
  const { data, status, headers } = await gateway.post<ReadableStream<Uint8Array> | null>('/chat/completions', body, {
    headers: { Authorization: `Bearer ${secret}` },
    responseType: 'stream',
    signal,
  })
  const header = (name: string): string | null => (headers[name] as string | undefined) ?? null
  answered.id = header('x-generation-id')
  const take = (piece: Piece): void => {
    if (piece.error) {
      const { message, code, request_id } = piece.error
      throw new ApiError(message, status, code, null, request_id ?? header('x-request-id'))
    }
    const [choice] = piece.choices ?? []
    const text = choice?.delta?.content ?? choice?.message?.content ?? ''
    if (text) {
      if (wanted.stream) answered.firstMs ??= performance.now() - began
      answered.text += text
      on(text)
    }
    answered.finish = choice?.finish_reason ?? answered.finish
    if (piece.usage) Object.assign(answered, figures(piece.usage))
  }
  const streamed = header('content-type')?.startsWith('text/event-stream')
  if (streamed) for await (const event of eventsOf(textOf(data))) take(JSON.parse(event) as Piece)
  else take(await whole(data, status))
  answered.ms = performance.now() - began
  return answered
}

const figures = (usage: Usage): Partial<Answered> => ({
  inputTokens: usage.prompt_tokens,
  outputTokens: usage.completion_tokens,
  cost: usage.cost ?? null,
})

async function whole(body: ReadableStream<Uint8Array> | null, status: number): Promise<Piece> {
  let text = ''
  for await (const part of textOf(body)) text += part
  try {
    return JSON.parse(text) as Piece
  } catch {
    throw new ApiError(text.slice(0, 200), status, `http_${status}`)
  }
}

// Not every browser can iterate over a stream.
async function* textOf(body: ReadableStream<Uint8Array> | null): AsyncGenerator<string> {
  const reader = body?.getReader()
  const decoder = new TextDecoder()
  while (reader) {
    const { done, value } = await reader.read()
    if (done) return
    yield decoder.decode(value, { stream: true })
  }
}

import type { LoggedRequest } from '@/api/types'

/** One attempt at a provider, as the log keeps it. */
export interface Try {
  provider?: string
  model?: string
  status?: number
  code?: string
  ms?: number
  key?: string
}

export interface Segment {
  kind: 'failed' | 'waiting' | 'answering' | 'own'
  /** Which attempt, from 1; 0: none. */
  attempt: number
  from: number
  ms: number
}

export const triesOf = (request: LoggedRequest): Try[] => request.tries as Try[]

/** Where the time went: attempts that failed, the wait for the first token, the answer. */
export function timeline(request: LoggedRequest): Segment[] {
  const tries = triesOf(request)
  const failed = request.code ? tries : tries.slice(0, -1)
  const segments: Segment[] = []
  let at = 0
  const add = (kind: Segment['kind'], ms: number, attempt: number): void => {
    const fits = Math.max(0, Math.min(ms, request.latency_ms - at))
    if (fits > 0) segments.push({ kind, attempt, from: at, ms: fits })
    at += fits
  }
  failed.forEach((each, place) => add('failed', each.ms ?? 0, place + 1))
  if (request.code) {
    add('own', request.latency_ms - at, 0)
    return segments
  }
  const attempt = Math.max(1, request.attempts)
  if (request.ttft_ms !== null) add('waiting', request.ttft_ms - at, attempt)
  add('answering', request.latency_ms - at, attempt)
  return segments
}

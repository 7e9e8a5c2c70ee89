import { describe, expect, it } from 'vitest'
import type { LoggedRequest } from '@/api/types'
import { within } from '@/views/requests/span'
import { timeline } from '@/views/requests/timeline'

const request = (about: Partial<LoggedRequest>): LoggedRequest =>
  ({ latency_ms: 1000, ttft_ms: null, attempts: 1, code: '', tries: [], ...about }) as LoggedRequest
const parts = (about: Partial<LoggedRequest>) => timeline(request(about)).map(({ kind, from, ms }) => [kind, from, ms])

describe('the time of a request', () => {
  it('goes to the wait and to the answer', () => {
    expect(parts({ ttft_ms: 300 })).toEqual([['waiting', 0, 300], ['answering', 300, 700]])
    expect(parts({})).toEqual([['answering', 0, 1000]])
  })

  it('goes to attempts that failed before', () => {
    const tries = [{ ms: 400, code: 'upstream_error', status: 500 }, { ms: 200, status: 200 }]
    expect(parts({ tries, attempts: 2, ttft_ms: 600 })).toEqual([['failed', 0, 400], ['waiting', 400, 200], ['answering', 600, 400]])
  })

  it('never adds up to more than there was', () => {
    const tries = [{ ms: 900, code: 'x' }, { ms: 900, code: 'x' }]
    expect(parts({ code: 'upstream_error', tries })).toEqual([['failed', 0, 900], ['failed', 900, 100]])
    expect(parts({ code: 'invalid_request' })).toEqual([['own', 0, 1000]])
  })
})

describe('a range of the log', () => {
  const now = Date.parse('2025-12-31T20:00:00Z') // already January in Shanghai

  it('knows the months of the reporting zone', () => {
    expect(within({ month: 'this' }, 'Asia/Shanghai', now)).toEqual({ created_after: '2026-01-01', created_before: undefined })
    expect(within({ month: 'last' }, 'Asia/Shanghai', now)).toEqual({ created_after: '2025-12-01', created_before: '2025-12-31' })
    expect(within({ month: 'this' }, 'UTC', now)).toEqual({ created_after: '2025-12-01', created_before: undefined })
  })

  it('passes on what the API understands', () => {
    expect(within({ from: '7d' }, 'UTC', now)).toEqual({ created_after: '7d', created_before: undefined })
  })
})

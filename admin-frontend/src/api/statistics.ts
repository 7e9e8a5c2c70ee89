import { compact, fileAddress, http } from './http'
import type { LoggedRequest, StatsReport } from './types'

export type GroupBy = StatsReport['group_by'][number]
export type Measure = 'cost' | 'requests' | 'errors' | 'tokens' | 'input_tokens' | 'output_tokens' | 'cached_tokens' | 'reasoning_tokens'

/** A range as the API takes it: `from`/`to`, or one of `day`, `week`, `month`, `year`. */
export interface Span {
  from?: string
  to?: string
  day?: string
  week?: string
  month?: string
  year?: string
}

/** Whose requests, of which models: one value or any of several; empty: all. */
export interface Whom {
  org?: string | string[]
  key?: string | string[]
  provider?: string | string[]
  model?: string | string[]
}

export interface StatsAsked extends Span, Whom {
  group_by?: GroupBy[]
  /** Also latencies, which cost as much again. */
  durations?: boolean
}

export interface RequestsWanted extends Whom {
  created_after?: string
  created_before?: string
  status?: number | string
  errors?: boolean
  slower_than_ms?: number | string
  min_cost?: string
  search?: string
}

export interface RequestsAsked extends RequestsWanted {
  page?: number
  page_size?: number
  before?: string
  after?: string
}

export interface RequestLogPage {
  items: LoggedRequest[]
  total: number | null
  page: number
  page_size: number
  next: string | null
}

// `compact` leaves false out, which here says something.
const asked = <T extends { durations?: boolean }>(params: T) => ({
  ...compact(params),
  ...(params.durations === false ? { durations: 'false' } : {}),
})

export const statistics = {
  show: async (params: StatsAsked, signal?: AbortSignal) =>
    (await http.get<StatsReport>('/stats', { params: asked(params), signal })).data,
  top: async (params: StatsAsked & { measure?: Measure; limit?: number }, signal?: AbortSignal) =>
    (await http.get<StatsReport>('/stats/top', { params: asked(params), signal })).data,
  exportAddress: (params: StatsAsked & { format: 'csv' | 'json' | 'ndjson'; detail?: boolean }) =>
    fileAddress('/stats/export', params),
  requests: async (params: RequestsAsked, signal?: AbortSignal) =>
    (await http.get<RequestLogPage>('/requests', { params: compact(params), signal })).data,
  request: async (id: string, signal?: AbortSignal) =>
    (await http.get<LoggedRequest>(`/requests/${encodeURIComponent(id)}`, { signal })).data,
  requestsAddress: (params: RequestsWanted & { format: 'csv' | 'json' | 'ndjson' }) =>
    fileAddress('/requests/export', params),
}

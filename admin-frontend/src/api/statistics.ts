import { compact, fileAddress, http } from './http'
import type { LoggedRequest, StatsReport } from './types'

export type GroupBy = StatsReport['group_by'][number]

/** A range as the API takes it: `from`/`to`, or one of `day`, `week`, `month`, `year`. */
export interface Span {
  from?: string
  to?: string
  day?: string
  week?: string
  month?: string
  year?: string
}

export interface StatsAsked extends Span {
  group_by?: GroupBy[]
  org?: string
  key?: string
  provider?: string
  model?: string
}

export interface RequestsAsked {
  page?: number
  page_size?: number
  before?: string
  after?: string
  created_after?: string
  created_before?: string
  org?: string
  key?: string
  provider?: string
  model?: string
  status?: number
  errors?: boolean
  slower_than_ms?: number
}

export interface RequestLogPage {
  items: LoggedRequest[]
  total: number | null
  page: number
  page_size: number
  next: string | null
}

export const statistics = {
  show: async (asked: StatsAsked, signal?: AbortSignal) =>
    (await http.get<StatsReport>('/stats', { params: compact(asked), signal })).data,
  exportAddress: (asked: StatsAsked & { format: 'csv' | 'json' | 'ndjson'; detail?: boolean }) =>
    fileAddress('/stats/export', asked),
  requests: async (asked: RequestsAsked, signal?: AbortSignal) =>
    (await http.get<RequestLogPage>('/requests', { params: compact(asked), signal })).data,
}

import { http } from './http'

/** What runs here. */
export interface System {
  version: string
  python: string
  started_at: string
  uptime_s: number
  workers: number
  node: string
  database: { kind: string; version: string; schema: string; size_bytes?: number | null }
  replica: boolean
  redis: boolean
  reporting_timezone: string
  counts: { orgs: number; keys: number; users: number }
}

export const system = {
  show: async (signal?: AbortSignal) => (await http.get<System>('/system', { signal })).data,
}

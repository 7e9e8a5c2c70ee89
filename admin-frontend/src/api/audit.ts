import { compact, http } from './http'
import type { Listing, Page } from './types'

/** One change: by whom, from where, of what, and the changed fields before and after. */
export interface AuditEntry {
  id: string
  at: string
  actor_kind: 'user' | 'key' | 'token' | 'cli' | 'system'
  actor_id: string
  actor_name: string
  via: 'ui' | 'api' | 'cli'
  ip: string
  action: string
  target_kind: string
  target_id: string
  target_name: string
  org_id: string
  before: Record<string, unknown>
  after: Record<string, unknown>
}

export interface AuditListing extends Listing {
  actor?: string
  action?: string
  target_kind?: string
  target_id?: string
  org?: string
  from?: string
  to?: string
}

export const audit = {
  list: async (listing: AuditListing, signal?: AbortSignal) =>
    (await http.get<Page<AuditEntry>>('/audit', { params: compact(listing), signal })).data,
}

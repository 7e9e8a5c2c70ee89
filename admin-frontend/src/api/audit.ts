import { compact, http } from './http'
import type { Listing, Page, Schema } from './types'

/** One change: by whom, from where, of what, and the changed fields before and after. */
export type AuditEntry = Schema<'AuditEntryPublic'>

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

import { compact, http } from './http'
import type { Key, KeyIssued, KeyListed, Listing, Page } from './types'

const at = (ref: string): string => `/keys/${encodeURIComponent(ref)}`

export interface KeyListing extends Listing {
  org?: string
  permission?: string
  expiring_within?: string
  unused_for?: string
  include?: 'usage'
}

export interface KeyBody {
  name?: string
  description?: string
  permission?: 'read' | 'write' | 'admin'
  enabled?: boolean
  expires_at?: string | null
}

export const keys = {
  list: async (listing: KeyListing, signal?: AbortSignal) =>
    (await http.get<Page<KeyListed>>('/keys', { params: compact(listing), signal })).data,
  show: async (ref: string) => (await http.get<Key>(at(ref))).data,
  issue: async (org: string, body: KeyBody) =>
    (await http.post<KeyIssued>(`/orgs/${encodeURIComponent(org)}/keys`, body)).data,
  update: async (ref: string, body: KeyBody) => (await http.patch<Key>(at(ref), body)).data,
  rotate: async (ref: string, grace_s: number) =>
    (await http.post<KeyIssued>(`${at(ref)}/rotate`, { grace_s })).data,
  move: async (ref: string, org: string) => (await http.post<Key>(`${at(ref)}/move`, { org })).data,
  remove: async (ref: string) => (await http.delete<Key>(at(ref))).data,
  restore: async (ref: string) => (await http.post<Key>(`${at(ref)}/restore`)).data,
}

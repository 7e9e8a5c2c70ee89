import { compact, http } from './http'
import type { LimitReport, Listing, NearingLimit, Organization, OrganizationListed, OrganizationSaved, Page, User } from './types'

const at = (ref: string): string => `/orgs/${encodeURIComponent(ref)}`

export interface OrganizationBody {
  name?: string
  description?: string
  enabled?: boolean
  admins?: string[]
}

export interface OrganizationListing extends Listing {
  at_least?: number
  include?: 'usage'
}

export const organizations = {
  list: async (listing: OrganizationListing, signal?: AbortSignal) =>
    (await http.get<Page<OrganizationListed>>('/orgs', { params: compact(listing), signal })).data,
  show: async (ref: string) => (await http.get<OrganizationListed>(at(ref))).data,
  create: async (body: OrganizationBody) => (await http.post<OrganizationSaved>('/orgs', body)).data,
  update: async (ref: string, body: OrganizationBody) =>
    (await http.patch<OrganizationSaved>(at(ref), body)).data,
  remove: async (ref: string) => (await http.delete<Organization>(at(ref))).data,
  restore: async (ref: string) => (await http.post<Organization>(`${at(ref)}/restore`)).data,
  members: async (ref: string, listing: Listing, signal?: AbortSignal) =>
    (await http.get<Page<User>>(`${at(ref)}/members`, { params: compact(listing), signal })).data,
  addMember: (ref: string, user: string) => http.put(`${at(ref)}/members/${user}`),
  removeMember: (ref: string, user: string) => http.delete(`${at(ref)}/members/${user}`),
}

export type LimitOwner = 'orgs' | 'keys'

export interface LimitBody {
  period: 'month' | 'year'
  requests?: number | null
  tokens?: number | null
  cost?: string | null
}

export const limits = {
  show: async (owners: LimitOwner, ref: string) =>
    (await http.get<LimitReport>(`/${owners}/${encodeURIComponent(ref)}/limits`)).data,
  set: async (owners: LimitOwner, ref: string, body: LimitBody) =>
    (await http.put<LimitReport>(`/${owners}/${encodeURIComponent(ref)}/limits`, body)).data,
  clear: async (owners: LimitOwner, ref: string, period?: 'month' | 'year') =>
    (await http.delete<LimitReport>(`/${owners}/${encodeURIComponent(ref)}/limits`, { params: compact({ period }) })).data,
  nearing: async (at_least: number, signal?: AbortSignal) =>
    (await http.get<Page<NearingLimit>>('/limits', { params: { at_least }, signal })).data,
}

import { compact, http } from './http'
import type { Listing, Page, Role, User } from './types'

const at = (ref: string): string => `/users/${encodeURIComponent(ref)}`

export interface UserBody {
  email?: string
  name?: string
  role?: Role
  orgs?: string[]
  enabled?: boolean
}

export interface UserListing extends Listing {
  role?: string
}

/** A link with which somebody sets a password; only the answer that makes it holds it. */
export interface OneTimeLink {
  link: string | null
  link_expires_at: string | null
}

export interface UserSession {
  id: string
  ip: string
  user_agent: string
  created_at: string
  last_seen_at: string
  expires_at: string
  current: boolean
}

export const users = {
  list: async (listing: UserListing, signal?: AbortSignal) =>
    (await http.get<Page<User>>('/users', { params: compact(listing), signal })).data,
  invite: async (body: UserBody) => (await http.post<User & OneTimeLink>('/users', body)).data,
  update: async (ref: string, body: UserBody) => (await http.patch<User>(at(ref), body)).data,
  remove: async (ref: string) => (await http.delete<User>(at(ref))).data,
  restore: async (ref: string) => (await http.post<User>(`${at(ref)}/restore`)).data,
  link: async (ref: string) => (await http.post<OneTimeLink>(`${at(ref)}/link`)).data,
  sessions: async (ref: string) => (await http.get<Page<UserSession>>(`${at(ref)}/sessions`)).data.items,
  endSession: (ref: string, id: string) => http.delete(`${at(ref)}/sessions/${encodeURIComponent(id)}`),
  endSessions: (ref: string) => http.delete(`${at(ref)}/sessions`),
}

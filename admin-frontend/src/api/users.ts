import { compact, http } from './http'
import type { Listing, Page, Role, Schema, User } from './types'

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

export type UserSession = Schema<'UserSessionPublic'>

/** A personal token for scripts; they act as its owner. */
export interface Token {
  id: string
  name: string
  last4: string
  created_at: string
  expires_at: string | null
  last_used_at: string | null
}

export type TokenIssued = Token & { secret: string }

/** `ref` is an id, or `me`. */
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
  tokens: async (ref: string) => (await http.get<Page<Token>>(`${at(ref)}/tokens`)).data.items,
  issueToken: async (ref: string, body: { name: string; expires_at: string | null }) =>
    (await http.post<TokenIssued>(`${at(ref)}/tokens`, body)).data,
  revokeToken: (ref: string, id: string) => http.delete(`${at(ref)}/tokens/${encodeURIComponent(id)}`),
  endSessions: (ref: string) => http.delete(`${at(ref)}/sessions`),
}

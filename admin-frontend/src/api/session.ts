import { http } from './http'
import type { Session } from './types'

export interface SessionState {
  setup_needed: boolean
  version: string
}

export interface Link {
  email: string
  name: string
  purpose: 'setup' | 'invite' | 'reset'
  expires_at: string
}

export const session = {
  show: async () => (await http.get<Session>('/session')).data,
  state: async () => (await http.get<SessionState>('/session/state')).data,
  logIn: async (email: string, password: string) =>
    (await http.post<Session>('/session', { email, password })).data,
  logOut: () => http.delete('/session'),
  logOutOthers: () => http.delete('/session/others'),
  changePassword: (current_password: string, new_password: string) =>
    http.put('/session/password', { current_password, new_password }),
  link: async (token: string) => (await http.get<Link>('/session/link', { params: { token } })).data,
  followLink: async (use: { token: string; password: string; name?: string; email?: string }) =>
    (await http.post<Session>('/session/link', use)).data,
}

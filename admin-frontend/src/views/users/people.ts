import type { Role, User } from '@/api/types'

export const ROLES: Role[] = ['superadmin', 'operator', 'org_admin', 'viewer']
export const STATUSES: User['status'][] = ['active', 'invited', 'disabled', 'deleted']
export const TONES = { active: 'good', invited: 'accent', disabled: 'quiet', deleted: 'bad' } as const

/** What each role may do, as the matrix of the roles shows it; `own` is inside its organizations. */
export type Reach = 'all' | 'own' | 'read' | 'none'
export const MATRIX: Record<string, Record<Role, Reach>> = {
  usage: { superadmin: 'all', operator: 'all', org_admin: 'own', viewer: 'read' },
  keys: { superadmin: 'all', operator: 'all', org_admin: 'own', viewer: 'read' },
  organizations: { superadmin: 'all', operator: 'all', org_admin: 'read', viewer: 'read' },
  limits: { superadmin: 'all', operator: 'all', org_admin: 'read', viewer: 'read' },
  models: { superadmin: 'all', operator: 'all', org_admin: 'read', viewer: 'read' },
  settings: { superadmin: 'all', operator: 'read', org_admin: 'none', viewer: 'none' },
  users: { superadmin: 'all', operator: 'read', org_admin: 'none', viewer: 'none' },
}

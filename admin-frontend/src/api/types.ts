import type { components } from './schema'

/** A value of our OpenAPI by its name: `Schema<'KeyPublic'>`. */
export type Schema<Name extends keyof components['schemas']> = components['schemas'][Name]

export type Organization = Schema<'OrganizationPublic'>
export type Key = Schema<'KeyPublic'>
export type KeyIssued = Schema<'KeyIssued'>
export type KeyCreate = Schema<'KeyCreate'>
export type KeyUpdate = Schema<'KeyUpdate'>

/** What a list shows beside its rows (`include=usage`): the current month, as limits count it. */
export interface MonthUsage {
  month: string
  requests: number
  tokens: number
  cost_usd: string | null
  unpriced: number
  last_used_at: string | null
  limit: { period: 'month' | 'year'; dimension: 'requests' | 'tokens' | 'cost'; percent: number } | null
}
export type KeyListed = Key & { usage?: MonthUsage | null }
export type OrganizationListed = Organization & {
  usage?: (MonthUsage & { keys_active: number; keys_total: number }) | null
  admins?: { id: string; email: string; name: string }[]
}
/** The answer to a creation or change: links of administrators who were invited by it, shown this once. */
export type OrganizationSaved = OrganizationListed & { invitations?: Invitation[] }
export interface Invitation {
  email: string
  link: string
  link_expires_at: string
}
export type LimitReport = Schema<'LimitReport'>
export type NearingLimit = Schema<'LimitStanding'>
export type PeriodReport = Schema<'PeriodReport'>
export type DimensionReport = Schema<'DimensionReport'>
export type StatsReport = Schema<'StatsReport'>
export type StatsRow = Schema<'StatsRow'>
export type Figures = Schema<'Figures'>
export type LoggedRequest = Schema<'LoggedRequest'>

export interface Page<T> {
  items: T[]
  total: number
  page: number
  page_size: number
}

export type Role = 'superadmin' | 'operator' | 'org_admin' | 'viewer'

export interface User {
  id: string
  email: string
  name: string
  role: Role
  orgs: { id: string; name: string }[]
  status: 'invited' | 'active' | 'disabled' | 'deleted'
  last_login_at: string | null
  created_at: string
  updated_at: string
  deleted_at: string | null
}

export interface Session {
  user: User
  permissions: string[]
  expires_at: string
  reporting_timezone: string
  version: string
  setup_needed?: boolean
}

/** What every list takes. */
export interface Listing {
  page?: number
  page_size?: number
  sort?: string
  search?: string
  status?: string
}

import type { LimitBody } from '@/api/organizations'
import type { PeriodReport } from '@/api/types'

export type Period = 'month' | 'year'
export const PERIODS: Period[] = ['month', 'year']

/** The limits of one period as a form holds them; empty is no limit. */
export interface Draft {
  requests: number | undefined
  tokens: number | undefined
  cost: string
}

export function draftOf(report?: PeriodReport): Draft {
  const count = (limit: number | string | null | undefined): number | undefined =>
    limit === null || limit === undefined ? undefined : Number(limit)
  return {
    requests: count(report?.requests.limit),
    tokens: count(report?.tokens.limit),
    cost: report?.cost.limit === null || report?.cost.limit === undefined ? '' : String(report.cost.limit),
  }
}

/** What the form changes, as the API takes it: null takes a limit away; null altogether: nothing changes. */
export function changed(period: Period, before: Draft, now: Draft): LimitBody | null {
  const body: LimitBody = { period }
  if ((now.requests ?? null) !== (before.requests ?? null)) body.requests = now.requests ?? null
  if ((now.tokens ?? null) !== (before.tokens ?? null)) body.tokens = now.tokens ?? null
  const cost = now.cost.trim().replace(/^\$/, '')
  if (cost !== before.cost) body.cost = cost === '' ? null : cost
  return Object.keys(body).length > 1 ? body : null
}

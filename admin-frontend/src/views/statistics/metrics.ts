import type { GroupBy, Measure } from '@/api/statistics'
import type { Figures, StatsRow } from '@/api/types'

export const METRICS = [
  'cost', 'requests', 'input_tokens', 'output_tokens', 'cached_tokens', 'reasoning_tokens', 'errors', 'p50', 'p95', 'ttft',
] as const
export type Metric = (typeof METRICS)[number]

export const DIMENSIONS = ['model', 'provider', 'org', 'key', 'status'] as const
export type Dimension = (typeof DIMENSIONS)[number]

export const STEPS = ['hour', 'day', 'week', 'month'] as const satisfies readonly GroupBy[]
export type Step = (typeof STEPS)[number]

/** Durations cannot be added up: they have no share, no stack and no rest. */
export const adds = (metric: Metric): boolean => !['p50', 'p95', 'ttft'].includes(metric)

/** What the API ranks groups by to answer for a metric. */
export const measureOf = (metric: Metric): Measure => (adds(metric) ? (metric as Measure) : 'requests')

/** The figure of a metric; null where it is not known. */
export function valueOf(figures: Partial<Figures>, metric: Metric): number | null {
  if (metric === 'cost') return figures.cost_usd === null || figures.cost_usd === undefined ? null : Number(figures.cost_usd)
  if (metric === 'p50') return figures.latency_ms?.p50 ?? null
  if (metric === 'p95') return figures.latency_ms?.p95 ?? null
  if (metric === 'ttft') return figures.ttft_ms?.p50 ?? null
  return figures[metric] ?? 0
}

/** What identifies a row's group: ids of organizations and keys, else the value itself. */
export function idOf(row: StatsRow, by: Dimension): string {
  if (by === 'org') return row.org_id ?? ''
  return by === 'key' ? (row.key_id ?? '') : String(row[by] ?? '')
}

/** What people call the group; empty where nothing is known of it. */
export function nameOf(row: StatsRow, by: Dimension): string {
  if (by === 'org') return row.org || row.org_id || ''
  return by === 'key' ? row.key || row.key_id || '' : String(row[by] ?? '')
}

const ADDED = ['requests', 'errors', 'input_tokens', 'output_tokens', 'cached_tokens', 'reasoning_tokens', 'unpriced'] as const

/** What the totals hold beyond some rows; null when the rows are all there is. */
export function restOf(totals: Figures, rows: StatsRow[]): Partial<Figures> | null {
  const sum = (of: (row: StatsRow) => number): number => rows.reduce((all, row) => all + of(row), 0)
  const rest = Object.fromEntries(ADDED.map((name) => [name, totals[name] - sum((row) => row[name])])) as Partial<Figures>
  if (!rest.requests) return null
  if (totals.cost_usd === null) return { ...rest, cost_usd: null }
  const cost = Number(totals.cost_usd) - sum((row) => Number(row.cost_usd ?? 0))
  return { ...rest, cost_usd: String(Math.max(0, Number(cost.toFixed(9)))) }
}

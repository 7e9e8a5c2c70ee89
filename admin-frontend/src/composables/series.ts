import type { StatsRow } from '@/api/types'
import type { Series } from '@/components/charts/options'

/** The palette has eight colours; the eighth is for the rest. */
const MOST = 7

export interface SeriesByPeriod {
  labels: string[]
  series: Series[]
}

/**
 * Rows grouped by a period and one more thing, as stacked series: the biggest, and `rest` for the others.
 * `periods` are shown also where nothing happened.
 */
export function seriesOf(rows: StatsRow[], name: (row: StatsRow) => string, value: (row: StatsRow) => number, rest: string, periods: string[] = []): SeriesByPeriod {
  const labels = [...new Set([...periods, ...rows.map((row) => row.period ?? '')])].sort()
  const totals = new Map<string, number>()
  for (const row of rows) totals.set(name(row), (totals.get(name(row)) ?? 0) + value(row))
  const biggest = [...totals].sort(([, a], [, b]) => b - a).map(([each]) => each)
  const named = biggest.length > MOST + 1 ? biggest.slice(0, MOST) : biggest
  const place = new Map(labels.map((label, at) => [label, at]))
  const shown = named.length < biggest.length ? [...named, rest] : named
  const series = shown.map((each) => ({ name: each, data: labels.map(() => 0) }))
  for (const row of rows) {
    const of = series.find((each) => each.name === name(row)) ?? series.at(-1)
    const at = place.get(row.period ?? '')
    if (of && at !== undefined) of.data[at] = (of.data[at] ?? 0) + value(row)
  }
  return { labels, series }
}

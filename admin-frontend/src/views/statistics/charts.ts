import type { ChartData, Series } from '@/components/charts/options'
import type { StatsReport } from '@/api/types'
import { adds, idOf, type Metric, nameOf, restOf, valueOf } from './metrics'
import { labelsOf, periodsOf } from './periods'
import { SHOWN, type Usage } from './useUsage'

const REST = 'var(--o-chart-8)'

export interface Words {
  locale: string
  other: string
  format: (value: number) => string
}

const grey = (): string => getComputedStyle(document.body).getPropertyValue(REST.slice(4, -1)).trim()

/** The groups over time, what the chart does not tell apart as one. */
export function overTime(usage: Usage, metric: Metric, kind: 'bar' | 'line', words: Words): ChartData {
  const periods = periodsOf(usage.whole.start, usage.whole.end, usage.step)
  const places = new Map(periods.map(({ name }, place) => [name, place]))
  const stacked = adds(metric)
  const empty = (): (number | null)[] => periods.map(() => (stacked ? 0 : null))
  const shown = usage.groups.rows.slice(0, SHOWN)
  const data = new Map(shown.map((row) => [idOf(row, usage.by), empty()]))
  const rest = empty()
  for (const row of usage.whole.rows) put(rest, places.get(row.period ?? ''), valueOf(row, metric))
  for (const row of usage.series.rows) {
    const place = places.get(row.period ?? '')
    const value = valueOf(row, metric)
    const mine = data.get(idOf(row, usage.by))
    if (!mine || place === undefined) continue
    mine[place] = value
    if (stacked) rest[place] = Math.max(0, round((rest[place] ?? 0) - (value ?? 0)))
  }
  const series: Series[] = shown.map((row) => ({ name: nameOf(row, usage.by) || words.other, data: data.get(idOf(row, usage.by)) ?? [] }))
  if (stacked && rest.some((value) => value)) series.push({ name: words.other, data: rest, colour: grey() })
  return { kind: kind === 'line' && stacked ? 'area' : kind === 'bar' && stacked ? 'bar' : 'line', stacked, labels: labelsOf(periods, usage.step, words.locale), series, format: words.format }
}

function put(data: (number | null)[], place: number | undefined, value: number | null): void {
  if (place !== undefined) data[place] = value
}

// Sums of decimals in binary leave dust behind.
const round = (value: number): number => Number(value.toFixed(9))

/** How the sum is shared out. */
export function shares(usage: Usage, metric: Metric, words: Words): ChartData {
  const shown = usage.groups.rows.slice(0, SHOWN)
  const rest = restOf(usage.groups.totals, shown)
  const labels = shown.map((row) => nameOf(row, usage.by) || words.other)
  const data = shown.map((row) => valueOf(row, metric))
  if (rest) {
    labels.push(words.other)
    data.push(valueOf(rest, metric))
  }
  return { kind: 'doughnut', legend: false, labels, series: [{ name: '', data }], format: words.format }
}

/** When in the week: seven rows of 24 hours, Monday first. */
export function week(report: StatsReport, metric: Metric, days: string[], format: (value: number) => string): ChartData {
  const rows = days.map((name) => ({ name, data: Array.from({ length: 24 }, () => 0 as number | null) }))
  for (const row of report.rows) {
    const day = rows[(row.weekday ?? 1) - 1]
    if (day) day.data[row.hour_of_day ?? 0] = valueOf(row, metric)
  }
  return { kind: 'heat', labels: Array.from({ length: 24 }, (_, hour) => String(hour).padStart(2, '0')), series: rows, format }
}

import type { StatsAsked } from '@/api/statistics'
import { type Dimension, measureOf, type Metric, type Step } from './metrics'

export interface Told {
  asked: StatsAsked
  by: Dimension
  step: Step
  metric: Metric
  /** The range, as the command line takes it. */
  flags: string
}

/** A word that a shell takes as one. */
export const quoted = (word: string): string => (/^[\w./:@%+-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`)

function filters(asked: StatsAsked): string[] {
  return (['org', 'key', 'provider', 'model'] as const).flatMap((name) =>
    [asked[name] ?? []].flat().map((value) => `--${name} ${quoted(value)}`),
  )
}

const MEASURES = ['cost', 'requests', 'errors', 'tokens']

/** What the table shows, in a terminal. */
export function commandOf({ asked, by, metric, flags }: Told): string {
  const wanted = measureOf(metric)
  const measure = MEASURES.includes(wanted) ? wanted : 'tokens'
  return ['orouter stats top', `--by ${by}`, `--measure ${measure}`, flags, ...filters(asked)].join(' ')
}

/** The file that the download button gives. */
export function exportCommandOf({ asked, step, flags }: Told): string {
  return ['orouter stats export', `--by ${step}`, '--csv', flags, ...filters(asked)].join(' ')
}

import { computed, watch } from 'vue'
import { type StatsAsked, statistics, type Whom } from '@/api/statistics'
import type { StatsReport } from '@/api/types'
import { useLoad } from '@/composables/useLoad'
import { useQuerySync } from '@/composables/useQuerySync'
import { useRange } from '@/composables/useRange'
import { adds, DIMENSIONS, type Dimension, idOf, measureOf, type Metric, METRICS, type Step } from './metrics'
import { stepsFor } from './periods'

/** How many groups a chart tells apart; the rest is one. */
export const SHOWN = 7
const HEATED_DAYS = 31
/** How many groups the table lists. */
const LISTED = 100

export interface Usage {
  /** The groups with the most, and the totals of all. */
  groups: StatsReport
  /** The first groups over time. */
  series: StatsReport
  /** All groups together over time. */
  whole: StatsReport
  by: Dimension
  step: Step
}

const known = <T extends string>(all: readonly T[], wanted: string, standard: T): T =>
  all.find((each) => each === wanted) ?? standard

/** The groups with the most of a metric, and how they and all together went over time. */
export async function answers(
  asked: StatsAsked,
  wanted: { by: Dimension; step: Step; metric: Metric },
  signal: AbortSignal,
): Promise<Usage> {
  const { by, step, metric } = wanted
  const groups = await statistics.top({ ...asked, group_by: [by], measure: measureOf(metric), limit: LISTED }, signal)
  // The same stretch of time for all questions, whatever "30 days ago" means a moment later.
  const { org, key, provider, model } = asked
  const same = { org, key, provider, model, from: groups.start, to: groups.end, durations: !adds(metric) }
  const first = groups.rows.slice(0, SHOWN).map((row) => idOf(row, by))
  const only = by === 'status' ? {} : { [by]: first }
  const [series, whole] = await Promise.all([
    statistics.show({ ...same, ...only, group_by: [step, by] }, signal),
    statistics.show({ ...same, group_by: [step] }, signal),
  ])
  return { groups, series, whole, by, step }
}

/** What the usage page asks for, as it stands in the address, and the answers. */
export function useUsage() {
  const range = useRange('30d')
  const { state } = useQuerySync({
    metric: 'cost', by: 'model', step: '', chart: 'bar',
    org: [] as string[], key: [] as string[], provider: [] as string[], model: [] as string[],
  })
  const metric = computed<Metric>(() => known(METRICS, state.metric, 'cost'))
  const by = computed<Dimension>(() => known(DIMENSIONS, state.by, 'model'))
  const steps = computed(() => stepsFor(range.days.value))
  const step = computed<Step>(() => known(steps.value, state.step, range.step.value as Step))
  const whom = computed<Whom>(() => ({ org: state.org, key: state.key, provider: state.provider, model: state.model }))
  const asked = computed<StatsAsked>(() => ({ ...range.span.value, ...whom.value }))
  const filtered = computed(() => Object.values(whom.value).filter((each) => each.length).length)

  const ask = (signal: AbortSignal): Promise<Usage> =>
    answers(asked.value, { by: by.value, step: step.value, metric: metric.value }, signal)

  const usage = useLoad(ask)
  // Hours of a long time are many to add up, and the last weeks say more of the habit.
  const recent = computed(() => range.days.value > HEATED_DAYS)
  const heat = useLoad((signal) => {
    const { to } = range.span.value
    const end = to ? Date.parse(to) : Date.now()
    const since = new Date(end - HEATED_DAYS * 86_400_000).toISOString().slice(0, 10)
    const span = recent.value ? { from: to ? since : `${HEATED_DAYS}d`, to } : range.span.value
    return statistics.show({ ...whom.value, ...span, group_by: ['weekday', 'hour_of_day'], durations: false }, signal)
  })
  watch(asked, () => void heat.reload())
  watch([asked, metric, by, step], () => void usage.reload())

  function clear(): void {
    Object.assign(state, { org: [], key: [], provider: [], model: [] })
  }

  return { range, state, metric, by, step, steps, whom, asked, filtered, usage, heat, recent, clear }
}

import type { StatsReport } from '@/api/types'

export type Step = 'hour' | 'day' | 'week' | 'month'

const HOUR_MS = 3_600_000
const MOST = 2000

/** `2026-W48`: the ISO week of a date. */
function weekOf(date: Date): string {
  const thursday = new Date(date)
  thursday.setUTCDate(date.getUTCDate() + 4 - (date.getUTCDay() || 7))
  const first = Date.UTC(thursday.getUTCFullYear(), 0, 1)
  const week = Math.ceil(((thursday.getTime() - first) / (24 * HOUR_MS) + 1) / 7)
  return `${thursday.getUTCFullYear()}-W${String(week).padStart(2, '0')}`
}

const LABEL: Record<Step, (date: Date) => string> = {
  hour: (date) => date.toISOString().slice(0, 13),
  day: (date) => date.toISOString().slice(0, 10),
  week: weekOf,
  month: (date) => date.toISOString().slice(0, 7),
}

/**
 * Every period of a report up to now, also those in which nothing happened, as the API writes them.
 * Counted on the report's own clock: the offset of its start is taken away, so that UTC arithmetic holds.
 */
export function periodsOf({ start, end }: Pick<StatsReport, 'start' | 'end'>, step: Step, now = Date.now()): string[] {
  const local = (iso: string): number => Date.parse(`${iso.slice(0, 19)}Z`)
  const ahead = local(start) - Date.parse(start)
  const last = Math.min(local(end), now + ahead)
  const labels = new Set<string>()
  const stride = step === 'hour' ? HOUR_MS : 24 * HOUR_MS
  for (let at = local(start); at < last && labels.size < MOST; at += stride) labels.add(LABEL[step](new Date(at)))
  return [...labels]
}

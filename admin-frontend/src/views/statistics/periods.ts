import type { Step } from './metrics'

const HOUR = 3_600_000
const DAY = 24 * HOUR

// Periods are on the calendar of the report. Its moments are read as if they were UTC, so that
// arithmetic on them is that of the calendar.
const local = (iso: string): number => Date.parse(`${iso.slice(0, 19)}Z`)
const text = (at: number): string => new Date(at).toISOString()

const FIRST: Record<Step, (at: number) => number> = {
  hour: (at) => at - (at % HOUR),
  day: (at) => at - (at % DAY),
  week: (at) => at - (at % DAY) - ((new Date(at).getUTCDay() + 6) % 7) * DAY,
  month: (at) => Date.parse(`${text(at).slice(0, 7)}-01T00:00:00Z`),
}
const NEXT: Record<Step, (at: number) => number> = {
  hour: (at) => at + HOUR,
  day: (at) => at + DAY,
  week: (at) => at + 7 * DAY,
  month: (at) => FIRST.month(at + 32 * DAY),
}
const NAME: Record<Step, (at: number) => string> = {
  hour: (at) => text(at).slice(0, 13),
  day: (at) => text(at).slice(0, 10),
  week: weekName,
  month: (at) => text(at).slice(0, 7),
}

function weekName(monday: number): string {
  const thursday = monday + 3 * DAY
  const year = new Date(thursday).getUTCFullYear()
  const week = Math.floor((thursday - Date.UTC(year, 0, 1)) / (7 * DAY)) + 1
  return `${year}-W${String(week).padStart(2, '0')}`
}

export interface Period {
  /** As the API calls it. */
  name: string
  /** When it begins on the report's calendar, read as UTC. */
  at: number
}

/** Every period of a report, those without usage too. */
export function periodsOf(start: string, end: string, step: Step): Period[] {
  const found: Period[] = []
  for (let at = FIRST[step](local(start)); at < local(end); at = NEXT[step](at)) found.push({ name: NAME[step](at), at })
  return found
}

const SHOWN: Record<Step, Intl.DateTimeFormatOptions> = {
  hour: { month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
  day: { month: 'short', day: 'numeric' },
  week: { month: 'short', day: 'numeric' },
  month: { year: 'numeric', month: 'short' },
}

/** The periods as a chart writes them; a week by its Monday. */
export function labelsOf(periods: Period[], step: Step, locale: string): string[] {
  const format = new Intl.DateTimeFormat(locale, { timeZone: 'UTC', ...SHOWN[step] })
  return periods.map(({ at }) => format.format(at))
}

/** The steps that make a readable chart of so many days. */
export function stepsFor(days: number): Step[] {
  if (days <= 2) return ['hour', 'day']
  if (days <= 31) return ['hour', 'day', 'week']
  return ['day', 'week', 'month']
}

/** The names of a report's periods up to now; those to come have nothing to show. */
export function pastPeriods({ start, end }: { start: string; end: string }, step: Step, now = Date.now()): string[] {
  const ahead = local(start) - Date.parse(start)
  return periodsOf(start, end, step)
    .filter(({ at }) => at <= now + ahead)
    .map(({ name }) => name)
}

import type { RequestsWanted, Span } from '@/api/statistics'

const monthIn = (zone: string, at: number): string =>
  new Intl.DateTimeFormat('en-CA', { timeZone: zone, year: 'numeric', month: '2-digit' }).format(at).slice(0, 7)

/** The month before `2026-01` is `2025-12`. */
function before(month: string): string {
  const [year, number] = month.split('-').map(Number) as [number, number]
  return number === 1 ? `${year - 1}-12` : `${year}-${String(number - 1).padStart(2, '0')}`
}

const lastDay = (month: string): string => {
  const [year, number] = month.split('-').map(Number) as [number, number]
  return `${month}-${new Date(Date.UTC(year, number, 0)).getUTCDate()}`
}

/** A range as the request log takes it; months are those of the reporting zone. */
export function within(span: Span, zone: string, now = Date.now()): Pick<RequestsWanted, 'created_after' | 'created_before'> {
  if (!span.month) return { created_after: span.from, created_before: span.to }
  const this_ = monthIn(zone, now)
  const month = span.month === 'last' ? before(this_) : this_
  return { created_after: `${month}-01`, created_before: span.month === 'last' ? lastDay(month) : undefined }
}

/** How far the zone is from UTC at that instant, in milliseconds. */
function offset(at: number, zone: string): number {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  }).formatToParts(at)
  const of = (type: string): number => Number(parts.find((part) => part.type === type)?.value)
  return Date.UTC(of('year'), of('month') - 1, of('day'), of('hour'), of('minute'), of('second')) - at
}

/** The moment when the clocks of `zone` show that date and time, as the API takes it. */
export function momentIn(zone: string, date: string, time = '00:00:00'): string {
  const wall = Date.parse(`${date}T${time}Z`)
  const guess = wall - offset(wall, zone)
  return new Date(wall - offset(guess, zone)).toISOString()
}

/** The date that a calendar in `zone` shows then: 2026-11-25. */
export function dateIn(zone: string, at: string | number): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short' }).format(new Date(at))
}

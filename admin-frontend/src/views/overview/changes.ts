import type { Figures } from '@/api/types'

/** The stretch of time just before another one, as long as what has passed of that. */
export function before(start: string, end: string, now: number): { from: string; to: string } {
  const first = Date.parse(start)
  const passed = Math.max(3_600_000, Math.min(Date.parse(end), now) - first)
  return { from: new Date(first - passed).toISOString(), to: new Date(first).toISOString() }
}

/** How much more there is, as a share of what there was; null where that says nothing. */
export function change(now: number | null, then: number | null | undefined): number | null {
  return now === null || !then ? null : (now - then) / then
}

export const errorShare = (figures: Figures): number | null =>
  figures.requests ? figures.errors / figures.requests : null

export const dollars = (figures: Figures | null | undefined): number | null =>
  figures?.cost_usd === null || figures?.cost_usd === undefined ? null : Number(figures.cost_usd)

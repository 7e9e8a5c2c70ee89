import { computed, type ComputedRef } from 'vue'
import type { GroupBy, Span } from '@/api/statistics'
import { useQuerySync } from './useQuerySync'

export const PRESETS = ['24h', '7d', '30d', '90d', 'month', 'last-month', '365d'] as const
export type Preset = (typeof PRESETS)[number] | 'custom'

const SPANS: Record<Exclude<Preset, 'custom'>, Span> = {
  '24h': { from: '24h' },
  '7d': { from: '7d' },
  '30d': { from: '30d' },
  '90d': { from: '90d' },
  month: { month: 'this' },
  'last-month': { month: 'last' },
  '365d': { from: '365d' },
}
const DAYS: Record<Exclude<Preset, 'custom'>, number> = {
  '24h': 1,
  '7d': 7,
  '30d': 30,
  '90d': 90,
  month: 31,
  'last-month': 31,
  '365d': 365,
}

export interface Range {
  state: { range: string; from: string; to: string }
  preset: ComputedRef<Preset>
  /** What the API takes. */
  span: ComputedRef<Span>
  days: ComputedRef<number>
  /** The step of time that makes a readable chart of it. */
  step: ComputedRef<GroupBy>
  /** The same range as options of the command line. */
  flags: ComputedRef<string>
}

/** A stretch of time in the address: a preset, or `custom` with two dates (both included). */
export function useRange(standard: Preset = '7d'): Range {
  const { state } = useQuerySync({ range: standard as string, from: '', to: '' })
  const preset = computed<Preset>(() => {
    if (state.range === 'custom' && state.from) return 'custom'
    return PRESETS.find((each) => each === state.range) ?? standard
  })
  const span = computed<Span>(() =>
    preset.value === 'custom' ? { from: state.from, to: state.to || undefined } : SPANS[preset.value],
  )
  const days = computed(() => {
    if (preset.value !== 'custom') return DAYS[preset.value]
    const end = state.to ? Date.parse(state.to) : Date.now()
    return Math.max(1, Math.round((end - Date.parse(state.from)) / 86_400_000) + 1)
  })
  const step = computed<GroupBy>(() => {
    if (days.value <= 2) return 'hour'
    if (days.value <= 92) return 'day'
    return days.value <= 400 ? 'week' : 'month'
  })
  const flags = computed(() => {
    const { from, to, month } = span.value
    if (month) return `--month ${month}`
    return `--since ${from}${to ? ` --until ${to}` : ''}`
  })
  return { state, preset, span, days, step, flags }
}

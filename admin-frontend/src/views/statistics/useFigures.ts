import type { Figures } from '@/api/types'
import { useFormat } from '@/composables/useFormat'
import { type Metric, valueOf } from './metrics'

/** How figures are written, by their metric. */
export function useFigures() {
  const format = useFormat()

  function written(value: number | null, metric: Metric, short = false): string {
    if (value === null) return '—'
    if (metric === 'cost') return format.money(value)
    if (['p50', 'p95', 'ttft'].includes(metric)) return format.duration(value)
    return short ? format.compact(value) : format.number(value)
  }
  /** The figure, large numbers shortened. */
  const shown = (figures: Partial<Figures>, metric: Metric): string => written(valueOf(figures, metric), metric, true)
  /** The figure in full. */
  const full = (figures: Partial<Figures>, metric: Metric): string => written(valueOf(figures, metric), metric)

  return { shown, full, written }
}

import { describe, expect, it } from 'vitest'
import type { Figures, StatsReport, StatsRow } from '@/api/types'
import { before, change } from '@/views/overview/changes'
import { overTime } from '@/views/statistics/charts'
import { commandOf, exportCommandOf, quoted } from '@/views/statistics/commands'
import { restOf, valueOf } from '@/views/statistics/metrics'
import { labelsOf, periodsOf } from '@/views/statistics/periods'
import type { Usage } from '@/views/statistics/useUsage'

const figures = (about: Partial<Figures> = {}): Figures => ({
  requests: 0, errors: 0, streams: 0, input_tokens: 0, output_tokens: 0, total_tokens: 0, cached_tokens: 0,
  cache_write_tokens: 0, reasoning_tokens: 0, cost_usd: '0', unpriced: 0, latency_ms: null, ttft_ms: null, ...about,
})
const row = (about: Partial<StatsRow>): StatsRow => ({ ...figures(), ...about }) as StatsRow

describe('periods', () => {
  it('are all there, without usage too, on the calendar of the report', () => {
    const names = (start: string, end: string, step: 'hour' | 'day' | 'week' | 'month') => periodsOf(start, end, step).map(({ name }) => name)
    expect(names('2026-11-24T22:00:00+08:00', '2026-11-25T01:00:00+08:00', 'hour')).toEqual(['2026-11-24T22', '2026-11-24T23', '2026-11-25T00'])
    expect(names('2026-11-24T22:00:00+08:00', '2026-11-26T00:00:00+08:00', 'day')).toEqual(['2026-11-24', '2026-11-25'])
    expect(names('2025-12-31T22:00:00+08:00', '2026-01-06T00:00:00+08:00', 'week')).toEqual(['2026-W01', '2026-W02'])
    expect(names('2027-01-01T00:00:00Z', '2027-01-02T00:00:00Z', 'week')).toEqual(['2026-W53'])
    expect(names('2026-11-30T22:00:00+08:00', '2027-01-02T00:00:00+08:00', 'month')).toEqual(['2026-11', '2026-12', '2027-01'])
  })

  it('are written in the language', () => {
    const days = periodsOf('2026-11-24T00:00:00Z', '2026-11-25T00:00:00Z', 'day')
    expect(labelsOf(days, 'day', 'en-US')).toEqual(['Nov 24'])
    expect(labelsOf(days, 'day', 'zh-CN')).toEqual(['11月24日'])
  })
})

describe('figures', () => {
  it('keep what is not known apart from zero', () => {
    expect(valueOf(figures({ cost_usd: null }), 'cost')).toBeNull()
    expect(valueOf(figures(), 'cost')).toBe(0)
    expect(valueOf(figures(), 'p95')).toBeNull()
  })

  it('leave a rest beyond the rows that are listed', () => {
    const totals = figures({ requests: 5, cost_usd: '0.3', errors: 1 })
    const rows = [row({ requests: 3, cost_usd: '0.1' }), row({ requests: 1, cost_usd: null, unpriced: 1 })]
    expect(restOf(totals, rows)).toMatchObject({ requests: 1, cost_usd: '0.2', errors: 1 })
    expect(restOf(figures({ requests: 4 }), rows)).toBeNull()
  })
})

describe('the chart', () => {
  const report = (rows: StatsRow[]): StatsReport => ({
    start: '2026-11-24T00:00:00Z', end: '2026-11-26T00:00:00Z', timezone: 'UTC', group_by: ['day'], rows, totals: figures(),
  })
  const usage: Usage = {
    by: 'model', step: 'day',
    groups: report([row({ model: 'a', requests: 3 })]),
    series: report([row({ period: '2026-11-25', model: 'a', requests: 3 })]),
    whole: report([row({ period: '2026-11-25', requests: 7 })]),
  }
  const words = { locale: 'en-US', other: 'Other', format: String }

  it('stacks the groups and what is left', () => {
    const { series, stacked } = overTime(usage, 'requests', 'bar', words)
    expect(stacked).toBe(true)
    expect(series.map(({ name, data }) => [name, data])).toEqual([['a', [0, 3]], ['Other', [0, 4]]])
  })

  it('does not add durations up', () => {
    const { series, stacked, kind } = overTime(usage, 'p95', 'bar', words)
    expect([stacked, kind, series.length]).toEqual([false, 'line', 1])
    expect(series[0]!.data).toEqual([null, null])
  })
})

describe('commands', () => {
  const told = { by: 'org', step: 'day', metric: 'p95', flags: '--since 7d', asked: { model: ['openai/gpt-4o'], org: ["o'neil & co"] } } as const

  it('say the same as the page', () => {
    const asked = { model: [...told.asked.model], org: [...told.asked.org] }
    expect(commandOf({ ...told, asked })).toBe(`orouter stats top --by org --measure requests --since 7d --org 'o'\\''neil & co' --model openai/gpt-4o`)
    expect(exportCommandOf({ ...told, asked: {} })).toBe('orouter stats export --by day --csv --since 7d')
  })

  it('are one word where they must be', () => {
    expect(quoted('a b')).toBe("'a b'")
    expect(quoted('$HOME')).toBe("'$HOME'")
  })
})

describe('changes', () => {
  it('compare with as much time as has passed', () => {
    const noon = Date.parse('2026-11-11T00:00:00Z')
    expect(before('2026-11-01T00:00:00Z', '2026-12-01T00:00:00Z', noon)).toEqual({ from: '2026-10-22T00:00:00.000Z', to: '2026-11-01T00:00:00.000Z' })
  })

  it('say nothing where there was nothing', () => {
    expect(change(5, 0)).toBeNull()
    expect(change(null, 5)).toBeNull()
    expect(change(6, 4)).toBe(0.5)
  })
})

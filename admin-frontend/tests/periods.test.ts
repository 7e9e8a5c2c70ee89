import { describe, expect, it } from 'vitest'
import { seriesOf } from '@/composables/series'
import { dateIn, momentIn } from '@/composables/zones'
import type { Step } from '@/views/statistics/metrics'
import { pastPeriods } from '@/views/statistics/periods'

const report = { start: '2026-11-30T22:00:00+08:00', end: '2026-12-02T01:00:00+08:00' }
const later = Date.parse('2027-01-01T00:00:00Z')

describe('pastPeriods', () => {
  it.each<[Step, string[]]>([
    ['day', ['2026-11-30', '2026-12-01', '2026-12-02']],
    ['week', ['2026-W49']],
    ['month', ['2026-11', '2026-12']],
  ])('%s', (step, labels) => expect(pastPeriods(report, step, later)).toEqual(labels))

  it('counts hours on the report’s clock, and stops at the present', () => {
    const now = Date.parse('2026-11-30T16:30:00Z')
    expect(pastPeriods(report, 'hour', now)).toEqual(['2026-11-30T22', '2026-11-30T23', '2026-12-01T00'])
  })
})

describe('seriesOf', () => {
  const row = (period: string, model: string, requests: number) => ({ period, model, requests }) as never

  it('stacks by name, with zero where nothing happened', () => {
    const made = seriesOf([row('a', 'x', 1), row('c', 'y', 5)], (each) => each.model ?? '', (each) => each.requests ?? 0, 'rest', ['a', 'b', 'c'])
    expect(made).toEqual({ labels: ['a', 'b', 'c'], series: [{ name: 'y', data: [0, 0, 5] }, { name: 'x', data: [1, 0, 0] }] })
  })

  it('gathers what is beyond the palette', () => {
    const many = Array.from({ length: 12 }, (_, at) => row('a', `m${at}`, 12 - at))
    const { series } = seriesOf(many, (each) => each.model ?? '', (each) => each.requests ?? 0, 'rest')
    expect(series.map(({ name }) => name)).toEqual(['m0', 'm1', 'm2', 'm3', 'm4', 'm5', 'm6', 'rest'])
    expect(series.at(-1)?.data).toEqual([5 + 4 + 3 + 2 + 1])
  })
})

describe('zones', () => {
  it('finds the moment of a wall clock, also where clocks were changed', () => {
    expect(momentIn('Asia/Shanghai', '2026-11-26')).toBe('2026-11-25T16:00:00.000Z')
    expect(momentIn('America/New_York', '2026-03-08', '12:00:00')).toBe('2026-03-08T16:00:00.000Z')
    expect(momentIn('America/New_York', '2026-11-01', '23:59:59')).toBe('2026-11-02T04:59:59.000Z')
  })

  it('tells the date that a calendar shows', () => {
    expect(dateIn('Asia/Shanghai', '2026-11-25T17:00:00Z')).toBe('2026-11-26')
  })
})

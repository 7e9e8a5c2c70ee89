import { describe, expect, it } from 'vitest'
import { useRange } from '@/composables/useRange'
import { used } from './mounted'

const at = async (address: string) => (await used(() => useRange(), address)).result

describe('useRange', () => {
  it.each([
    ['/', { from: '7d' }, 'day', '--since 7d'],
    ['/?range=24h', { from: '24h' }, 'hour', '--since 24h'],
    ['/?range=last-month', { month: 'last' }, 'day', '--month last'],
    ['/?range=365d', { from: '365d' }, 'week', '--since 365d'],
    ['/?range=custom&from=2026-11-01&to=2026-11-03', { from: '2026-11-01', to: '2026-11-03' }, 'day', '--since 2026-11-01 --until 2026-11-03'],
    ['/?range=nonsense', { from: '7d' }, 'day', '--since 7d'],
  ])('%s', async (address, span, step, flags) => {
    const range = await at(address)
    expect(range.span.value).toEqual(span)
    expect(range.step.value).toBe(step)
    expect(range.flags.value).toBe(flags)
  })
})

import { describe, expect, it } from 'vitest'
import type { Key, PeriodReport } from '@/api/types'
import { snippets } from '@/components/snippets'
import { browserOf } from '@/views/profile/browser'
import { changesOf, draftOf, expiryOf, freshDraft } from '@/views/keys/draft'
import { standing } from '@/views/keys/standing'
import { changed, draftOf as limitDraftOf } from '@/views/limits/draft'

const ZONE = 'Asia/Shanghai'
const NOW = Date.parse('2026-11-25T12:00:00Z')
const key = (more: Partial<Key> = {}): Key =>
  ({ id: 'key_1', name: 'ci', description: '', permission: 'write', expires_at: null, enabled: true, status: 'active', ...more }) as Key

describe('the draft of a key', () => {
  it('expires at the end of its last day in the reporting zone', () => {
    expect(expiryOf({ ...freshDraft(), life: 'date', date: '2026-12-31' }, ZONE)).toBe('2026-12-31T15:59:59.000Z')
    expect(expiryOf({ ...freshDraft(), life: '30d' }, ZONE, NOW)).toBe('2026-12-25T12:00:00.000Z')
    expect(expiryOf({ ...freshDraft(), life: 'never' }, ZONE)).toBeNull()
  })

  it('sends what differs, and nothing else', () => {
    const subject = key({ expires_at: '2026-12-31T15:59:59Z' })
    const draft = draftOf(subject, ZONE)
    expect(draft).toMatchObject({ life: 'date', date: '2026-12-31' })
    expect(changesOf(draft, subject, ZONE)).toEqual({})
    expect(changesOf({ ...draft, permission: 'read' }, subject, ZONE)).toEqual({ permission: 'read' })
    expect(changesOf({ ...draft, life: 'never' }, subject, ZONE)).toEqual({ expires_at: null })
  })
})

describe('how a key stands', () => {
  it.each([
    [key(), 'active'],
    [key({ expires_at: '2026-11-28T00:00:00Z' }), 'expiring'],
    [key({ expires_at: '2027-11-28T00:00:00Z' }), 'active'],
    [key({ status: 'expired' }), 'expired'],
    [key({ status: 'disabled', enabled: false }), 'disabled'],
    [key({ status: 'disabled', enabled: true }), 'org_disabled'],
    [key({ status: 'deleted' }), 'deleted'],
  ])('%#: %o', (subject, word) => expect(standing(subject, NOW).word).toBe(word))
})

describe('the draft of limits', () => {
  const report = { requests: { limit: 100 }, tokens: { limit: null }, cost: { limit: '5.5' } } as PeriodReport
  const before = limitDraftOf(report)

  it('takes no limit for empty, not for 0', () => {
    expect(before).toEqual({ requests: 100, tokens: undefined, cost: '5.5' })
    expect(changed('month', before, { ...before, requests: undefined })).toEqual({ period: 'month', requests: null })
    expect(changed('month', before, { ...before, tokens: 0 })).toEqual({ period: 'month', tokens: 0 })
  })

  it('keeps money as text, with or without its sign', () => {
    expect(changed('year', before, { ...before, cost: ' $0.000000001 ' })).toEqual({ period: 'year', cost: '0.000000001' })
    expect(changed('year', before, { ...before, cost: '' })).toEqual({ period: 'year', cost: null })
  })

  it('is nothing where nothing differs', () => {
    expect(changed('month', before, { ...before })).toBeNull()
  })
})

describe('snippets', () => {
  it('hold the key, the address and the model, in each language', () => {
    const made = snippets('ork_secret', 'demo/echo', 'https://gateway.example/v1')
    for (const { text } of made) expect(text).toContain('ork_secret')
    for (const { text } of made) expect(text).toContain('https://gateway.example/v1')
    expect(made.filter(({ text }) => text.includes('demo/echo')).map(({ label }) => label)).toEqual(['curl', 'Python', 'Node'])
  })
})

describe('browserOf', () => {
  it.each([
    ['Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0', 'Firefox, Linux'],
    ['Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/18.0 Safari/605.1.15', 'Safari, macOS'],
    ['Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0', 'Edge, Windows'],
    ['curl/8.0', 'curl/8.0'],
    ['', '—'],
  ])('%s', (agent, name) => expect(browserOf(agent)).toBe(name))
})

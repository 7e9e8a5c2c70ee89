import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { eventsOf } from '@/api/events'
import { http } from '@/api/http'
import { codeOf } from '@/views/playground/code'
import { useShortKey } from '@/views/playground/useShortKey'
import { used } from './mounted'

async function* cut(...pieces: string[]): AsyncGenerator<string> {
  yield* pieces
}

async function read(...pieces: string[]): Promise<string[]> {
  const found: string[] = []
  for await (const event of eventsOf(cut(...pieces))) found.push(event)
  return found
}

describe('events', () => {
  it('are whole however the stream is cut', async () => {
    expect(await read('data: {"a"', ':1}\n', '\ndata: {"b":2}\r\n\r\ndata: [DONE]\n\n', 'data: {"c":3}\n\n')).toEqual(['{"a":1}', '{"b":2}'])
  })

  it('leave comments out, and the last one in', async () => {
    expect(await read(': waiting\n\nevent: x\ndata: 1\n\n', 'data: 2')).toEqual(['1', '2'])
  })
})

describe('the code', () => {
  const wanted = { model: 'demo/echo', messages: [{ role: 'user' as const, content: `it's "so"` }], max_tokens: 5 }
  const text = (key: string, more: object = {}) => codeOf({ ...wanted, ...more }, 'http://host/v1').find((each) => each.key === key)!.text

  it('holds no key', () => {
    for (const key of ['curl', 'python', 'node']) expect(text(key)).toContain('OPENAI_API_KEY')
  })

  it('asks the same', () => {
    expect(text('curl')).toContain(`it'\\''s \\"so\\"`)
    expect(text('python')).toContain('    max_tokens=5,\n)')
    expect(text('python', { stream: true })).toContain('    stream=True,\n)')
    expect(text('node')).toContain('"max_tokens": 5')
  })
})

describe('the short-lived key', () => {
  const post = vi.spyOn(http, 'post')
  const remove = vi.spyOn(http, 'delete')

  beforeEach(() => {
    post.mockImplementation((path) => Promise.resolve({ data: { id: `key_${path}`, key: 'ork_secret' } }))
    remove.mockResolvedValue({ data: {} })
  })
  afterEach(() => vi.clearAllMocks())

  it('is issued once for an hour, with the right to write and no more', async () => {
    const { result } = await used(useShortKey)
    expect(await result.secretFor('org_1')).toBe('ork_secret')
    expect(await result.secretFor('org_1')).toBe('ork_secret')
    expect(post).toHaveBeenCalledTimes(1)
    const [path, body] = post.mock.calls[0]! as [string, { name: string; permission: string; expires_at: string }]
    expect([path, body.permission]).toEqual(['/orgs/org_1/keys', 'write'])
    expect(body.name).toMatch(/^playground /)
    expect(Date.parse(body.expires_at) - Date.now()).toBeLessThanOrEqual(3_600_000)
  })

  it('is deleted when another organization is asked for, and when the page is left', async () => {
    const { result, wrapper } = await used(useShortKey)
    await result.secretFor('org_1')
    await result.secretFor('org_2')
    expect(remove).toHaveBeenCalledTimes(1)
    wrapper.unmount()
    expect(remove).toHaveBeenCalledTimes(2)
  })

  it('is not issued where one is pasted', async () => {
    const { result } = await used(useShortKey)
    result.pasted.value = ' ork_own '
    expect(await result.secretFor('org_1')).toBe('ork_own')
    expect(post).not.toHaveBeenCalled()
  })
})

import { flushPromises } from '@vue/test-utils'
import { describe, expect, it, vi } from 'vitest'
import { ApiError } from '@/api/http'
import { useList } from '@/composables/useList'
import { used } from './mounted'

interface Row {
  id: string
}
const page = (ids: string[], total = ids.length) => ({ items: ids.map((id) => ({ id })), total, page: 1, page_size: 20 })
const settled = () => new Promise((done) => setTimeout(done, 5)).then(flushPromises)

describe('useList', () => {
  it('asks with what the address says', async () => {
    const fetch = vi.fn(async () => page(['a']))
    const { result } = await used(() => useList<Row, { status: string }>(fetch, { status: '' }), '/keys?page=2&sort=name&status=disabled')
    await flushPromises()
    expect(fetch).toHaveBeenCalledWith(expect.objectContaining({ page: 2, sort: 'name', status: 'disabled' }), expect.anything())
    expect(result.items.value).toEqual([{ id: 'a' }])
    expect(result.first.value).toBe(false)
    expect(result.filtered.value).toBe(1)
  })

  it('begins at the first page when a filter changes', async () => {
    const fetch = vi.fn(async () => page(['a']))
    const { result } = await used(() => useList<Row, { status: string }>(fetch, { status: '' }), '/keys?page=4')
    result.query.status = 'active'
    await settled()
    expect(fetch).toHaveBeenLastCalledWith(expect.objectContaining({ page: 1, status: 'active' }), expect.anything())
  })

  it('shows the answer to the newest question only', async () => {
    const answers: ((page: ReturnType<typeof Object>) => void)[] = []
    const fetch = () => new Promise<never>((resolve) => answers.push(resolve as never))
    const { result } = await used(() => useList<Row>(fetch))
    void result.reload()
    answers[1]?.(page(['new']))
    answers[0]?.(page(['old']))
    await flushPromises()
    expect(result.items.value).toEqual([{ id: 'new' }])
  })

  it('keeps what went wrong, and what was there', async () => {
    const error = new ApiError('no', 503, 'database_unavailable')
    const fetch = vi.fn().mockResolvedValueOnce(page(['a'])).mockRejectedValueOnce(error)
    const { result } = await used(() => useList<Row>(fetch))
    await flushPromises()
    await result.reload()
    expect(result.error.value).toBe(error)
    expect(result.items.value).toEqual([{ id: 'a' }])
  })
})

import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { RouteLocationNormalized } from 'vue-router'
import { ApiError } from '@/api/http'
import { session as api } from '@/api/session'
import { guard, safeReturn } from '@/router/guard'
import { pages } from '@/router/pages'
import { someone } from './mounted'

const to = (route: Partial<RouteLocationNormalized>): RouteLocationNormalized =>
  ({ name: 'keys', fullPath: '/keys', meta: {}, ...route }) as RouteLocationNormalized

const login = (wanted: string): RouteLocationNormalized =>
  to({ name: 'login', fullPath: '/login', meta: { open: true }, query: { return: wanted } })

describe('the guard', () => {
  beforeEach(() => {
    setActivePinia(createPinia())
    vi.restoreAllMocks()
  })

  it('sends strangers to the login page, and remembers where they were going', async () => {
    vi.spyOn(api, 'show').mockRejectedValue(new ApiError('', 401, 'invalid_api_key'))
    expect(await guard(to({ fullPath: '/logs?errors=1' }))).toEqual({ name: 'login', query: { return: '/logs?errors=1' } })
  })

  it('lets everybody see what is open, without asking', async () => {
    const show = vi.spyOn(api, 'show')
    expect(await guard(to({ name: 'setup', meta: { open: true } }))).toBe(true)
    expect(await guard(login('/logs'))).toBe(true)
    expect(show).not.toHaveBeenCalled()
  })

  it('leads who is signed in past the login page', async () => {
    document.cookie = 'XSRF-TOKEN=x'
    const show = vi.spyOn(api, 'show').mockResolvedValue(someone)
    expect(await guard(login('/logs'))).toBe('/logs')
    setActivePinia(createPinia())
    show.mockRejectedValue(new ApiError('', 401, 'invalid_api_key'))
    expect(await guard(login('/logs'))).toBe(true)
    document.cookie = 'XSRF-TOKEN=; max-age=0'
  })

  it('permits what the session permits, and tells the others', async () => {
    vi.spyOn(api, 'show').mockResolvedValue(someone)
    expect(await guard(to({ meta: { permission: 'keys.read' } }))).toBe(true)
    expect(await guard(to({ name: 'users', meta: { permission: 'users.read' } }))).toEqual({ name: 'forbidden', query: { page: 'users' } })
  })

  it('does not take a server that fails for a session that ended', async () => {
    vi.spyOn(api, 'show').mockRejectedValue(new ApiError('', 503, 'database_unavailable'))
    expect(await guard(to({}))).toEqual({ name: 'offline', query: { return: '/keys' } })
  })
})

describe('the pages', () => {
  it('are closed: none of them is open to strangers', () => {
    expect(pages.filter(({ meta }) => meta?.open)).toEqual([])
  })
})

describe('safeReturn', () => {
  it.each([
    ['/keys?page=2', '/keys?page=2'],
    ['https://evil.example', '/'],
    ['//evil.example', '/'],
    ['/\\evil.example', '/'],
    [undefined, '/'],
  ])('%s', (wanted, path) => expect(safeReturn(wanted)).toBe(path))
})

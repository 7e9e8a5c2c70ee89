import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { nextTick } from 'vue'
import { session as api } from '@/api/session'
import { preferred } from '@/i18n'
import { useSession } from '@/stores/session'
import { useUi } from '@/stores/ui'
import { someone } from './mounted'

beforeEach(() => setActivePinia(createPinia()))

describe('the session', () => {
  it('is asked for once', async () => {
    const show = vi.spyOn(api, 'show').mockResolvedValue(someone)
    const session = useSession()
    await session.load()
    await session.load()
    expect(show).toHaveBeenCalledTimes(1)
    expect(session.role).toBe('superadmin')
    expect(session.can('keys.write')).toBe(true)
    expect(session.can('users.write')).toBe(false)
  })

  it('keeps nothing in the browser', async () => {
    useSession().begin(someone)
    await nextTick()
    expect(JSON.stringify({ ...localStorage })).not.toContain('ada@example.com')
  })

  it('ends with the server, not without it', async () => {
    vi.spyOn(api, 'logOut').mockRejectedValue(new Error('offline'))
    const session = useSession()
    session.begin(someone)
    await expect(session.logOut()).rejects.toThrow()
    expect(session.user).not.toBeNull()
  })
})

describe('the interface', () => {
  it('is dark where the theme says so, and remembers', async () => {
    const ui = useUi()
    ui.theme = 'dark'
    await nextTick()
    expect(document.body.getAttribute('arco-theme')).toBe('dark')
    expect(localStorage.getItem('orouter.ui')).toContain('dark')
    ui.theme = 'light'
    await nextTick()
    expect(document.body.hasAttribute('arco-theme')).toBe(false)
  })

  it('speaks the language it was set to', async () => {
    await useUi().setLocale('zh-CN')
    expect(document.documentElement.lang).toBe('zh-CN')
  })

  it('begins with the language of the browser', () => {
    expect(preferred(['fr-FR', 'zh-TW', 'en'])).toBe('zh-CN')
    expect(preferred(['fr-FR'])).toBe('en-US')
  })
})

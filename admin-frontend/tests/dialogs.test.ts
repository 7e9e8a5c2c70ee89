import { flushPromises } from '@vue/test-utils'
import { afterEach, describe, expect, it, vi } from 'vitest'
import * as gateway from '@/api/gateway'
import type { KeyIssued } from '@/api/types'
import OKeyDialog from '@/components/OKeyDialog.vue'
import { mounted } from './mounted'

const issued = { id: 'key_1', name: 'ci', permission: 'write', key: 'ork_secret' } as KeyIssued

afterEach(() => vi.restoreAllMocks())

describe('the dialog of a new key', () => {
  const shown = async () => {
    vi.spyOn(gateway, 'modelsOf').mockResolvedValue(['demo/echo'])
    const made = await mounted(OKeyDialog, { issued: null })
    await made.wrapper.setProps({ issued })
    await flushPromises()
    return made.wrapper
  }
  const text = (): string => document.body.textContent ?? ''

  it('shows the secret and how to use it', async () => {
    await shown()
    expect(text()).toContain('ork_secret')
    expect(text()).toContain('the only time')
  })

  it('closes only when somebody says that it is saved', async () => {
    const wrapper = await shown()
    const form = document.querySelector('form')!
    form.dispatchEvent(new Event('submit'))
    expect(wrapper.emitted('done')).toBeUndefined()
    document.querySelector<HTMLInputElement>('form footer input[type=checkbox]')!.click()
    await flushPromises()
    form.dispatchEvent(new Event('submit'))
    expect(wrapper.emitted('done')).toHaveLength(1)
  })

  it('tries the key out, and says what came back', async () => {
    await shown()
    const tried = vi.spyOn(gateway, 'tryOut').mockResolvedValue({ text: 'hello', tokens: 7, ms: 12, requestId: null })
    document.querySelector<HTMLButtonElement>('.trial button')!.click()
    await flushPromises()
    expect(tried).toHaveBeenCalledWith('ork_secret', 'demo/echo', expect.any(String))
    expect(document.querySelector('.trial [role=status]')?.textContent).toContain('7 tokens')
  })
})

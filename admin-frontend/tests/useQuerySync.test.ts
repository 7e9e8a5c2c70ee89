import { flushPromises } from '@vue/test-utils'
import { describe, expect, it } from 'vitest'
import { useQuerySync } from '@/composables/useQuerySync'
import { used } from './mounted'

const compose = () => useQuerySync({ page: 1, search: '', errors: false, models: [] as string[] })

describe('useQuerySync', () => {
  it('reads the address, typed', async () => {
    const { result } = await used(compose, '/logs?page=3&search=acme&errors=1&models=a&models=b')
    expect(result.state).toEqual({ page: 3, search: 'acme', errors: true, models: ['a', 'b'] })
    expect(result.changed.value).toBe(4)
  })

  it('writes only what is not at its default, in one navigation, and leaves the rest alone', async () => {
    const { result, router } = await used(compose, '/logs?other=kept')
    result.state.page = 2
    result.state.errors = true
    await flushPromises()
    expect(router.currentRoute.value.query).toEqual({ other: 'kept', page: '2', errors: '1' })
    result.reset()
    await flushPromises()
    expect(router.currentRoute.value.query).toEqual({ other: 'kept' })
  })

  it('follows the back button', async () => {
    const { result, router } = await used(() => useQuerySync({ key: '' }, ['key']), '/keys')
    result.state.key = 'key_1'
    await flushPromises()
    expect(router.currentRoute.value.query).toEqual({ key: 'key_1' })
    router.back()
    await flushPromises()
    await new Promise((done) => setTimeout(done, 10))
    expect(result.state.key).toBe('')
  })

  it('takes nonsense for the default', async () => {
    const { result } = await used(compose, '/logs?page=many')
    expect(result.state.page).toBe(1)
  })
})

import { flushPromises } from '@vue/test-utils'
import { describe, expect, it, vi } from 'vitest'
import { h, ref } from 'vue'
import OConfirm from '@/components/OConfirm.vue'
import OField from '@/components/OField.vue'
import OMoney from '@/components/OMoney.vue'
import OSelect from '@/components/OSelect.vue'
import OTable from '@/components/OTable.vue'
import OTime from '@/components/OTime.vue'
import { mounted } from './mounted'

describe('OMoney', () => {
  it('never shows an unknown cost as zero', async () => {
    const { wrapper } = await mounted(OMoney, { value: null })
    expect(wrapper.text()).toContain('—')
    expect(wrapper.text()).not.toContain('0')
    expect(wrapper.attributes('title')).toContain('Unknown')
  })

  it('marks a sum that leaves something out', async () => {
    const { wrapper } = await mounted(OMoney, { value: '1.5', unpriced: 3 })
    expect(wrapper.text()).toContain('$1.50')
    expect(wrapper.attributes('title')).toContain('3 requests')
  })

  it.each([['0', '$0.00'], ['0.000123', '$0.000123'], ['0.0345', '$0.0345'], ['1234.5', '$1,234.50']])('%s', async (value, text) => {
    expect((await mounted(OMoney, { value })).wrapper.text()).toContain(text)
  })
})

describe('OTime', () => {
  it('names the zone of the moment', async () => {
    const { wrapper } = await mounted(OTime, { value: '2026-11-25T10:00:00Z', as: 'short' })
    expect(wrapper.text()).toContain('10:00')
    expect(wrapper.attributes('title')).toContain('(UTC)')
  })

  it('says that there is none', async () => {
    expect((await mounted(OTime, { value: null, none: 'Never' })).wrapper.text()).toBe('Never')
  })
})

describe('OField and OSelect', () => {
  it('belong to their label', async () => {
    const slots = { default: ({ attrs }: { attrs: object }) => h(OSelect<string>, { modelValue: '', options: [], attrs } as never) }
    const { wrapper } = await mounted(OField, { label: 'Organization', hint: 'Whose it is' }, { slots })
    await flushPromises()
    const input = wrapper.find('input')
    expect(input.attributes('id')).toBe(wrapper.find('label').attributes('for'))
    expect(wrapper.find(`#${input.attributes('aria-describedby')}`).text()).toBe('Whose it is')
  })
})

describe('OConfirm', () => {
  it('wants the name typed before it goes on', async () => {
    const { wrapper } = await mounted(OConfirm, { open: true, title: 'Delete acme', text: 'Its keys stop.', ok: 'Delete', name: 'acme' })
    await flushPromises()
    const form = document.querySelector('form')!
    form.dispatchEvent(new Event('submit'))
    expect(wrapper.emitted('confirm')).toBeUndefined()
    const input = document.querySelector('input')!
    input.value = 'acme'
    input.dispatchEvent(new Event('input'))
    await flushPromises()
    form.dispatchEvent(new Event('submit'))
    expect(wrapper.emitted('confirm')).toHaveLength(1)
  })
})

describe('OTable', () => {
  const list = (items: object[], more: object = {}) => ({
    items: ref(items), total: ref(items.length), loading: ref(false), first: ref(false), error: ref(null),
    query: { page: 1, page_size: 20, sort: '-created_at', search: '' }, filtered: ref(0), reset: vi.fn(), reload: vi.fn(), ...more,
  })
  const columns = [{ key: 'name', title: 'Name', sort: 'name' }, { key: 'note', title: 'Note', extra: true }]
  const shown = async (given: object, slots = {}) => (await mounted(OTable, { list: given, columns, name: 'things', label: 'Things' }, { slots })).wrapper

  it('shows rows, and the columns that are not extra', async () => {
    const wrapper = await shown(list([{ id: '1', name: 'one', note: 'hidden' }]))
    expect(wrapper.text()).toContain('one')
    expect(wrapper.text()).not.toContain('hidden')
  })

  it('sorts by a button in the header, and says how', async () => {
    const given = list([{ id: '1', name: 'one' }])
    const wrapper = await shown(given)
    await wrapper.find('th button').trigger('click')
    expect(given.query.sort).toBe('name')
  })

  it('tells an empty list from one that filters left empty', async () => {
    const slots = { empty: () => 'Make the first' }
    expect((await shown(list([]), slots)).text()).toContain('Make the first')
    const filtered = await shown(list([], { filtered: ref(1) }), slots)
    expect(filtered.text()).toContain('Nothing matches')
    expect(filtered.text()).not.toContain('Make the first')
  })

  it('shows what went wrong, with a way to try again', async () => {
    const given = list([], { error: ref(new Error('broken')) })
    const wrapper = await shown(given)
    expect(wrapper.find('[role=alert]').exists()).toBe(true)
    await wrapper.find('button').trigger('click')
    expect(given.reload).toHaveBeenCalled()
  })
})

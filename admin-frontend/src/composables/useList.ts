import { computed, type ComputedRef, onScopeDispose, type Ref, ref, shallowRef, watch } from 'vue'
import { isCanceled } from '@/api/http'
import type { Listing, Page } from '@/api/types'
import { type QueryState, useQuerySync } from './useQuerySync'

export const PAGE_SIZES = [20, 50, 100]

export interface ListState extends QueryState {
  page: number
  page_size: number
  sort: string
  search: string
}

export interface List<T, F> {
  items: Ref<T[]>
  total: Ref<number>
  loading: Ref<boolean>
  /** The first answer is still to come: skeletons are shown. */
  first: Ref<boolean>
  error: Ref<unknown>
  /** Page, sort, search and the filters, as they stand in the address. */
  query: ListState & F
  /** How many filters are set; page and sort are none. */
  filtered: ComputedRef<number>
  reset: () => void
  reload: () => Promise<void>
}

/**
 * A list of the API whose page, sort, search and filters stand in the address.
 *
 * `const list = useList((q, signal) => keys.list(q, signal), { org: '', status: '' })`, then `<OTable :list="list">`.
 * The newest question wins: answers to older ones are thrown away.
 */
export function useList<T, F extends QueryState = Record<never, never>>(
  fetch: (query: Listing & F, signal: AbortSignal) => Promise<Page<T>>,
  filters: F = {} as F,
  options: { sort?: string; pageSize?: number } = {},
): List<T, F> {
  const defaults = { page: 1, page_size: options.pageSize ?? 20, sort: options.sort ?? '-created_at', search: '', ...filters }
  const { state, reset } = useQuerySync<ListState>(defaults as ListState)
  const items = shallowRef<T[]>([])
  const total = ref(0)
  const loading = ref(false)
  const first = ref(true)
  const error = shallowRef<unknown>(null)
  let asking: AbortController | null = null
  let typing: ReturnType<typeof setTimeout> | undefined

  async function reload(): Promise<void> {
    asking?.abort()
    const mine = (asking = new AbortController())
    loading.value = true
    try {
      const page = await fetch({ ...state } as unknown as Listing & F, mine.signal)
      if (mine !== asking) return
      items.value = page.items
      total.value = page.total
      error.value = null
    } catch (failure) {
      if (isCanceled(failure) || mine !== asking) return
      error.value = failure
    }
    loading.value = false
    first.value = false
  }

  const filterNames = ['search', ...Object.keys(filters)]
  const value = (name: string): string => JSON.stringify((state as QueryState)[name])
  watch(
    () => filterNames.map(value).join(),
    () => (state.page = 1),
    { flush: 'sync' },
  )
  watch(
    () => [Object.keys(defaults).map(value).join(), state.search] as const,
    ([, search], [, before]) => {
      clearTimeout(typing)
      typing = setTimeout(() => void reload(), search === before ? 0 : 250)
    },
  )
  onScopeDispose(() => {
    clearTimeout(typing)
    asking?.abort()
  })
  void reload()

  const filtered = computed(
    () => filterNames.filter((name) => value(name) !== JSON.stringify((defaults as QueryState)[name])).length,
  )
  return { items, total, loading, first, error, query: state, filtered, reset, reload } as unknown as List<T, F>
}

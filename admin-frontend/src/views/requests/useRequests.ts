import { computed, onScopeDispose, ref, watch } from 'vue'
import { type RequestsWanted, statistics } from '@/api/statistics'
import type { LoggedRequest, Listing } from '@/api/types'
import { useList } from '@/composables/useList'
import { useQuerySync } from '@/composables/useQuerySync'
import { useRange } from '@/composables/useRange'
import { useSession } from '@/stores/session'
import { within } from './span'

const LOOK_EVERY_MS = 2000

const FILTERS = {
  org: [] as string[], key: [] as string[], provider: [] as string[], model: [] as string[],
  status: '', errors: false as boolean, slower: '', cost: '',
}
type Filters = typeof FILTERS

/** The request log as it stands in the address; new requests come by themselves while `live`. */
export function useRequests() {
  const session = useSession()
  const range = useRange('7d')
  const { state } = useQuerySync({ request: '', live: false }, ['request'])
  const more = ref(false)
  const known = ref(true)

  const wanted = (query: Filters & { search?: string }): RequestsWanted => ({
    ...within(range.span.value, session.zone),
    org: query.org, key: query.key, provider: query.provider, model: query.model,
    status: query.status, errors: query.errors, slower_than_ms: query.slower, min_cost: query.cost,
    search: query.search?.trim(),
  })

  const list = useList<LoggedRequest, Filters>(fetched, { ...FILTERS }, { sort: '', pageSize: 50 })

  async function fetched(query: Listing & Filters, signal: AbortSignal) {
    const page = await statistics.requests({ ...wanted(query), page: query.page, page_size: query.page_size }, signal)
    more.value = page.next !== null
    known.value = page.total !== null
    return { ...page, total: page.total ?? 0 }
  }

  const asked = computed(() => wanted(list.query))
  watch(range.span, () => {
    list.query.page = 1
    void list.reload()
  })

  let looking = false
  async function look(): Promise<void> {
    if (looking || document.hidden || list.query.page > 1) return
    looking = true
    try {
      const page = await fetched({ ...list.query, page: 1 }, new AbortController().signal)
      list.items.value = page.items
      list.total.value = page.total
    } catch {
      state.live = false // the list says why when it is asked again
    }
    looking = false
  }

  let timer: ReturnType<typeof setInterval> | undefined
  watch(
    () => state.live,
    (live) => {
      clearInterval(timer)
      if (live) timer = setInterval(() => void look(), LOOK_EVERY_MS)
    },
    { immediate: true },
  )
  onScopeDispose(() => clearInterval(timer))

  return { range, list, state, more, known, asked }
}

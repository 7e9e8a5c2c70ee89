import { computed, onScopeDispose, type Ref, ref, watch } from 'vue'
import { useI18n } from 'vue-i18n'
import type { RouteLocationRaw } from 'vue-router'
import { keys } from '@/api/keys'
import { organizations } from '@/api/organizations'
import { pages } from '@/router/pages'
import { useSession } from '@/stores/session'

export interface Hit {
  kind: 'page' | 'organization' | 'key' | 'request'
  icon: string
  label: string
  note?: string
  to: RouteLocationRaw
}

const REQUEST_ID = /^[0-9A-Za-z_-]{16,40}$/
const FEW = 5

/** What a word may mean: a page, an organization, a key, the id of a request. */
export function useFinder(text: Ref<string>) {
  const { t } = useI18n()
  const session = useSession()
  const found = ref<Hit[]>([])
  let waiting: ReturnType<typeof setTimeout> | undefined
  let asking: AbortController | null = null

  const places = computed<Hit[]>(() => {
    const word = text.value.trim().toLowerCase()
    return pages
      .filter(({ meta }) => meta?.nav && session.can(meta.permission))
      .map(({ name, meta }) => ({ kind: 'page' as const, icon: meta?.nav?.icon ?? '', label: t(`nav.${String(name)}`), to: { name } }))
      .filter(({ label }) => label.toLowerCase().includes(word))
  })

  async function look(search: string): Promise<void> {
    const { signal } = (asking = new AbortController())
    const wanted = { search, page_size: FEW, sort: 'name' }
    const [orgs, some] = await Promise.all([
      session.can('orgs.read') ? organizations.list(wanted, signal) : null,
      session.can('keys.read') ? keys.list(wanted, signal) : null,
    ])
    if (signal.aborted) return
    const hits: Hit[] = [
      ...(orgs?.items ?? []).map(({ id, name }) => ({ kind: 'organization' as const, icon: 'icon-apps', label: name, note: id, to: { name: 'organization', params: { id } } })),
      ...(some?.items ?? []).map(({ id, name, prefix, last4, org_name }) => ({
        kind: 'key' as const,
        icon: 'icon-safe',
        label: name,
        note: `${prefix}…${last4} · ${org_name}`,
        to: { name: 'keys', query: { key: id } },
      })),
    ]
    if (REQUEST_ID.test(search)) hits.push({ kind: 'request', icon: 'icon-list', label: search, to: { name: 'requests', query: { request: search } } })
    found.value = hits
  }

  watch(text, (now) => {
    clearTimeout(waiting)
    asking?.abort()
    found.value = []
    const search = now.trim()
    if (search) waiting = setTimeout(() => void look(search).catch(() => undefined), 180)
  })
  onScopeDispose(() => {
    clearTimeout(waiting)
    asking?.abort()
  })

  return { hits: computed(() => [...found.value, ...places.value]) }
}

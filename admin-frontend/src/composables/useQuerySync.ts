import { computed, type ComputedRef, reactive, watch } from 'vue'
import { type LocationQuery, type LocationQueryRaw, type Router, useRoute, useRouter } from 'vue-router'

export type QueryValue = string | number | boolean | string[]
export type QueryState = Record<string, QueryValue>

/** `false` as a default stands for a boolean, `''` for a string. */
export type Wide<T> = {
  [K in keyof T]: T[K] extends boolean ? boolean : T[K] extends number ? number : T[K] extends string ? string : T[K]
}

// Several parts of a page change the address in one tick: their changes are one navigation.
let pending: LocationQueryRaw | null = null
let pendingPush = false

function change(router: Router, changes: LocationQueryRaw, push: boolean): void {
  pendingPush ||= push
  if (pending) {
    Object.assign(pending, changes)
    return
  }
  pending = { ...changes }
  queueMicrotask(() => {
    const { query, path, hash } = router.currentRoute.value
    const target = { path, hash, query: { ...query, ...pending } }
    const go = pendingPush ? router.push : router.replace
    pending = null
    pendingPush = false
    void go(target)
  })
}

function read<T extends QueryValue>(query: LocationQuery, name: string, standard: T): T {
  const found = query[name]
  if (found === undefined) return standard
  const all = (Array.isArray(found) ? found : [found]).filter((each) => each !== null)
  if (Array.isArray(standard)) return all as T
  const one = all[0] ?? ''
  if (typeof standard === 'number') return (Number.isFinite(Number(one)) ? Number(one) : standard) as T
  if (typeof standard === 'boolean') return (one === '1') as T
  return one as T
}

function written(value: QueryValue, standard: QueryValue): string | string[] | undefined {
  if (JSON.stringify(value) === JSON.stringify(standard)) return undefined
  if (Array.isArray(value)) return value
  return typeof value === 'boolean' ? (value ? '1' : '0') : String(value)
}

export interface QuerySync<T> {
  /** Bind controls to it; what is not at its default stands in the address. */
  state: T
  /** How many of the values are not at their default. */
  changed: ComputedRef<number>
  reset: () => void
}

/**
 * Keeps values in the query of the address, both ways: a reload, a link and the back button find them.
 * Those named in `push` make an entry in the history (an open drawer), the others replace.
 */
export function useQuerySync<T extends QueryState>(defaults: T, push: (keyof T)[] = []): QuerySync<Wide<T>> {
  const route = useRoute()
  const router = useRouter()
  const home = route.path
  const names = Object.keys(defaults)
  const from = (query: LocationQuery): T =>
    Object.fromEntries(names.map((name) => [name, read(query, name, defaults[name] as QueryValue)])) as T
  const state = reactive(from(route.query)) as Wide<T> & QueryState

  watch(
    () => route.query,
    (query) => {
      if (route.path === home && !pending) Object.assign(state, from(query))
    },
  )
  watch(
    () => names.map((name) => written(state[name] as QueryValue, defaults[name] as QueryValue)),
    (now, before) => {
      const changes = Object.fromEntries(names.map((name, place) => [name, now[place]]))
      const pushed = push.some((name) => {
        const place = names.indexOf(name as string)
        return now[place] !== undefined && before[place] === undefined
      })
      const current = route.query
      if (names.some((name) => JSON.stringify(current[name]) !== JSON.stringify(changes[name]))) {
        change(router, changes, pushed)
      }
    },
  )
  const changed = computed(
    () => names.filter((name) => written(state[name] as QueryValue, defaults[name] as QueryValue) !== undefined).length,
  )
  return { state, changed, reset: () => void Object.assign(state, structuredClone(defaults)) }
}

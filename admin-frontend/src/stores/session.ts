import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import { ApiError } from '@/api/http'
import { session as api } from '@/api/session'
import type { Role, Session } from '@/api/types'

/** Who is signed in and what the interface may show them. The API enforces; this only hides. */
export const useSession = defineStore('session', () => {
  const current = ref<Session | null>(null)
  const loaded = ref(false)

  const user = computed(() => current.value?.user ?? null)
  const role = computed<Role | null>(() => user.value?.role ?? null)
  const zone = computed(() => current.value?.reporting_timezone ?? 'UTC')
  const permissions = computed(() => new Set(current.value?.permissions ?? []))

  /** Asks once who is signed in; null when nobody is. Throws when the server cannot tell. */
  async function load(): Promise<Session | null> {
    if (loaded.value) return current.value
    try {
      current.value = await api.show()
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 401) throw error
      current.value = null
    }
    loaded.value = true
    return current.value
  }

  function begin(session: Session): void {
    current.value = session
    loaded.value = true
  }

  function end(): void {
    current.value = null
    loaded.value = true
  }

  async function logOut(): Promise<void> {
    await api.logOut()
    end()
  }

  /** Whether the interface offers this; undefined needs no permission beyond being signed in. */
  const can = (permission?: string): boolean => !permission || permissions.value.has(permission)

  return { current, loaded, user, role, zone, permissions, load, begin, end, logOut, can }
})

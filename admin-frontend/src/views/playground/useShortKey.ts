import { computed, onScopeDispose, ref } from 'vue'
import { keys } from '@/api/keys'

const LIVES_MS = 3_600_000
const MARGIN_MS = 60_000

/**
 * The key that the playground asks with: pasted, or issued for an hour in an organization.
 * It is in this page's memory and nowhere else; one that was issued is deleted when the page is left.
 */
export function useShortKey() {
  const pasted = ref('')
  const issued = ref<{ id: string; secret: string; org: string; until: number } | null>(null)
  const ready = computed(() => Boolean(pasted.value.trim()))

  async function secretFor(org: string): Promise<string> {
    if (pasted.value.trim()) return pasted.value.trim()
    const mine = issued.value
    if (mine && mine.org === org && mine.until - MARGIN_MS > Date.now()) return mine.secret
    drop()
    const until = Date.now() + LIVES_MS
    const name = `playground ${new Date().toISOString().slice(0, 19).replace('T', ' ')}`
    const made = await keys.issue(org, { name, permission: 'write', expires_at: new Date(until).toISOString() })
    issued.value = { id: made.id, secret: made.key ?? '', org, until }
    return issued.value.secret
  }

  function drop(): void {
    const id = issued.value?.id
    issued.value = null
    if (id) void keys.remove(id).catch(() => undefined) // it ends within the hour by itself
  }

  onScopeDispose(drop)
  return { pasted, issued, ready, secretFor }
}

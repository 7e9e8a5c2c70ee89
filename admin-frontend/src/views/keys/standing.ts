import type { Key } from '@/api/types'

export interface Standing {
  tone: 'good' | 'warn' | 'bad' | 'quiet'
  /** `keys.standing.WORD`, filled with `when`. */
  word: 'active' | 'expiring' | 'expired' | 'disabled' | 'org_disabled' | 'deleted'
}

const SOON_MS = 7 * 86_400_000

/** How a key stands: what its status says, and whether that changes within a week. */
export function standing(key: Pick<Key, 'status' | 'expires_at' | 'enabled'>, now = Date.now()): Standing {
  if (key.status === 'disabled') return { tone: 'quiet', word: key.enabled ? 'org_disabled' : 'disabled' }
  if (key.status !== 'active') return { tone: key.status === 'expired' ? 'bad' : 'quiet', word: key.status }
  const soon = key.expires_at && Date.parse(key.expires_at) - now < SOON_MS
  return soon ? { tone: 'warn', word: 'expiring' } : { tone: 'good', word: 'active' }
}

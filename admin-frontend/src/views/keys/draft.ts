import type { Key } from '@/api/types'
import type { KeyBody } from '@/api/keys'
import { dateIn, momentIn } from '@/composables/zones'

/** A key as a form holds it: `life` is how long it lives, `date` its last day. */
export interface KeyDraft {
  name: string
  description: string
  permission: 'read' | 'write' | 'admin'
  life: 'never' | '30d' | '90d' | '365d' | 'date'
  date: string
}

const DAY_MS = 86_400_000

export const freshDraft = (): KeyDraft => ({ name: '', description: '', permission: 'write', life: 'never', date: '' })

export function draftOf(key: Key, zone: string): KeyDraft {
  return {
    name: key.name,
    description: key.description ?? '',
    permission: key.permission ?? 'write',
    life: key.expires_at ? 'date' : 'never',
    date: key.expires_at ? dateIn(zone, key.expires_at) : '',
  }
}

/** When a key of that draft expires; its last day is a whole day of the reporting zone. */
export function expiryOf(draft: KeyDraft, zone: string, now = Date.now()): string | null {
  if (draft.life === 'never') return null
  if (draft.life !== 'date') return new Date(now + Number.parseInt(draft.life, 10) * DAY_MS).toISOString()
  return draft.date ? momentIn(zone, draft.date, '23:59:59') : null
}

export function bodyOf(draft: KeyDraft, zone: string): KeyBody {
  return {
    name: draft.name.trim(),
    description: draft.description.trim(),
    permission: draft.permission,
    expires_at: expiryOf(draft, zone),
  }
}

/** What differs from the key: the rest is not sent, so that others' changes to it stay. */
export function changesOf(draft: KeyDraft, key: Key, zone: string): KeyBody {
  const before = draftOf(key, zone)
  const body = bodyOf(draft, zone)
  const changed: KeyBody = {}
  if (draft.name.trim() !== before.name) changed.name = body.name
  if (draft.description.trim() !== before.description) changed.description = body.description
  if (draft.permission !== before.permission) changed.permission = body.permission
  if (draft.life !== before.life || draft.date !== before.date) changed.expires_at = body.expires_at
  return changed
}

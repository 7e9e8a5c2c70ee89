import type { AuditEntry } from '@/api/audit'

export interface Change {
  field: string
  before: string
  after: string
}

const shown = (value: unknown): string => {
  if (value === undefined || value === null || value === '') return '—'
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

/** The changed fields of an entry, each once; what was not there before or is not after is a dash. */
export function changesOf({ before, after }: Pick<AuditEntry, 'before' | 'after'>): Change[] {
  const fields = new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])
  return [...fields].map((field) => ({ field, before: shown(before?.[field]), after: shown(after?.[field]) }))
}

import type { Setting } from '@/api/settings'

export const TABS = ['general', 'routing', 'retention', 'server', 'system'] as const
export type Tab = (typeof TABS)[number]

/** Which tab a section of the configuration stands on; providers and models have pages of their own. */
const TAB_OF: Record<string, Tab> = {
  general: 'general',
  limits: 'general',
  routing: 'routing',
  cache: 'routing',
  usage: 'retention',
  logging: 'retention',
  server: 'server',
  metrics: 'server',
  tracing: 'server',
  database: 'system',
}
const ELSEWHERE = new Set(['providers', 'models', 'aliases', 'fallbacks'])

export interface Section {
  name: string
  items: Setting[]
}

/** The sections of a tab in the order of the configuration; a section nobody placed is under `server`. */
export function sectionsOf(settings: Setting[], tab: Tab): Section[] {
  const found = new Map<string, Setting[]>()
  for (const setting of settings) {
    const name = setting.section || 'general'
    if (ELSEWHERE.has(name) || (TAB_OF[name] ?? 'server') !== tab) continue
    found.set(name, [...(found.get(name) ?? []), setting])
  }
  return [...found].map(([name, items]) => ({ name, items }))
}

/** Two values of a setting are the same value, lists by what is in them. */
export function same(one: Setting['value'], other: Setting['value']): boolean {
  return JSON.stringify(one ?? null) === JSON.stringify(other ?? null)
}

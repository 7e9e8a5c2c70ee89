import { ref, watch } from 'vue'
import { keys } from '@/api/keys'
import { organizations } from '@/api/organizations'
import { statistics } from '@/api/statistics'
import type { Choice } from '@/components/OSelect.vue'
import { useSession } from '@/stores/session'

export interface Chosen {
  org: string[]
  key: string[]
  provider: string[]
  model: string[]
}

const USED_WITHIN = '90d'
const OFFERED = 50

/** What organizations, keys, providers and models can be chosen from. Owners are searched by the server. */
export function useChoices(chosen: Chosen) {
  const session = useSession()
  const orgs = ref<Choice[]>([])
  const secrets = ref<Choice[]>([])
  const providers = ref<Choice[]>([])
  const models = ref<Choice[]>([])

  async function findOrgs(search = ''): Promise<void> {
    if (!session.can('orgs.read')) return
    const page = await organizations.list({ search, page_size: OFFERED, sort: 'name' })
    orgs.value = page.items.map(({ id, name }) => ({ value: id, label: name }))
    await add(orgs.value, chosen.org, async (id) => (await organizations.show(id)).name)
  }

  async function findKeys(search = ''): Promise<void> {
    if (!session.can('keys.read')) return
    const page = await keys.list({ search, page_size: OFFERED, sort: 'name', org: chosen.org.length === 1 ? chosen.org[0] : '' })
    secrets.value = page.items.map(({ id, name, org_name }) => ({ value: id, label: name, note: org_name }))
    await add(secrets.value, chosen.key, async (id) => (await keys.show(id)).name)
  }

  async function findUsed(group: 'provider' | 'model'): Promise<Choice[]> {
    const report = await statistics.top({ from: USED_WITHIN, group_by: [group], measure: 'requests', limit: 100, durations: false })
    const found = report.rows.map((row) => row[group] ?? '').filter(Boolean)
    return [...new Set([...found, ...chosen[group]])].sort().map((value) => ({ value, label: value }))
  }

  async function load(): Promise<void> {
    await Promise.allSettled([
      findOrgs(),
      findKeys(),
      findUsed('provider').then((found) => (providers.value = found)),
      findUsed('model').then((found) => (models.value = found)),
    ])
  }

  void load()
  watch(() => chosen.org.join(), () => void findKeys().catch(() => undefined))
  return { orgs, secrets, providers, models, findOrgs, findKeys }
}

/** What is chosen is always offered, by its name. */
async function add(offered: Choice[], chosen: string[], name: (id: string) => Promise<string>): Promise<void> {
  const missing = chosen.filter((id) => !offered.some((each) => each.value === id))
  const named = await Promise.all(missing.map(async (id) => ({ value: id, label: await name(id).catch(() => id) })))
  offered.push(...named)
}

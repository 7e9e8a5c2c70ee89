import { computed, onScopeDispose, ref } from 'vue'
import { keys } from '@/api/keys'
import { organizations } from '@/api/organizations'
import { providers } from '@/api/providers'
import { statistics } from '@/api/statistics'
import { useSession } from '@/stores/session'

export type Step = 'provider' | 'org' | 'key' | 'request'
export const STEPS: Step[] = ['provider', 'org', 'key', 'request']

const LOOK_EVERY_MS = 3000

/** Which of the first steps are taken; looks again until all are. */
export function useFirstSteps() {
  const session = useSession()
  const done = ref<Record<Step, boolean> | null>(null)
  const complete = computed(() => Boolean(done.value && STEPS.every((step) => done.value?.[step])))
  const next = computed(() => STEPS.find((step) => !done.value?.[step]))
  let timer: ReturnType<typeof setTimeout> | undefined
  let gone = false

  const looks: Record<Step, () => Promise<boolean>> = {
    provider: async () => (await providers.list()).some((each) => each.enabled),
    org: async () => (await organizations.list({ page_size: 1 })).total > 0,
    key: async () => (await keys.list({ page_size: 1 })).total > 0,
    request: async () => (await statistics.requests({ page_size: 1 })).items.length > 0,
  }

  async function look(): Promise<void> {
    const before = done.value
    const found = await Promise.all(
      STEPS.map(async (step) => [step, before?.[step] || (await looks[step]().catch(() => false))] as const),
    )
    if (gone) return
    done.value = Object.fromEntries(found) as Record<Step, boolean>
    if (!complete.value) timer = setTimeout(() => void look(), LOOK_EVERY_MS)
  }

  // For those who can take the steps; others would be told to do what they may not.
  if (session.can('orgs.write') && session.can('providers.read')) void look()
  onScopeDispose(() => {
    gone = true
    clearTimeout(timer)
  })
  return { done, complete, next }
}

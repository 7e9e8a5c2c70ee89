import { computed, watch } from 'vue'
import { limits } from '@/api/organizations'
import { providers } from '@/api/providers'
import { type StatsAsked, statistics } from '@/api/statistics'
import { useLoad } from '@/composables/useLoad'
import { useQuerySync } from '@/composables/useQuerySync'
import { useRange } from '@/composables/useRange'
import { useSession } from '@/stores/session'
import { answers, type Usage } from '../statistics/useUsage'
import type { Step } from '../statistics/metrics'
import { stepsFor } from '../statistics/periods'
import { before } from './changes'

const NEARLY_FULL = 80
const MOST = 5

/** What the overview asks for, as it stands in the address, and the answers. */
export function useOverview() {
  const session = useSession()
  const range = useRange('7d')
  const { state } = useQuerySync({ org: '' })
  const asked = computed<StatsAsked>(() => ({ ...range.span.value, org: state.org }))
  const step = computed<Step>(() => stepsFor(range.days.value).find((each) => each === range.step.value) ?? 'day')

  const usage = useLoad<Usage>((signal) => answers(asked.value, { by: 'model', step: step.value, metric: 'cost' }, signal))
  const previous = useLoad(
    async (signal) => {
      const groups = usage.data.value?.groups
      if (!groups) return null
      const earlier = before(groups.start, groups.end, Date.now())
      return (await statistics.show({ ...earlier, org: state.org, durations: false }, signal)).totals
    },
    { now: false },
  )
  const ranked = (by: 'org' | 'key') =>
    useLoad((signal) => statistics.top({ ...asked.value, group_by: [by], measure: 'cost', limit: MOST, durations: false }, signal))
  const orgs = ranked('org')
  const keys = ranked('key')
  const near = useLoad((signal) => limits.nearing(NEARLY_FULL, signal), { now: session.can('limits.read') })
  const served = useLoad((signal) => providers.list(signal), { now: session.can('providers.read') })

  const reload = (): void => void Promise.all([usage.reload(), orgs.reload(), keys.reload()])
  watch(asked, reload)
  watch(usage.data, () => void previous.reload())

  return { range, state, step, usage, previous, orgs, keys, near, served, reload }
}

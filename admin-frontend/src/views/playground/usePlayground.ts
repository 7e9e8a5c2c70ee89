import { computed, onScopeDispose, reactive, ref } from 'vue'
import { type Answered, complete, type Wanted } from '@/api/completions'
import { isCanceled } from '@/api/http'
import { useQuerySync } from '@/composables/useQuerySync'
import { useShortKey } from './useShortKey'

export interface Run {
  model: string
  text: string
  busy: boolean
  answered: Answered | null
  error: unknown
}

/** One question to one model or two: settings stand in the address, what is asked does not. */
export function usePlayground() {
  const { state } = useQuerySync({ org: '', model: '', other: '', temperature: '', max_tokens: '', stream: true })
  const prompt = reactive({ system: '', user: '' })
  const key = useShortKey()
  const runs = ref<Run[]>([])
  const error = ref<unknown>(null)
  let asking: AbortController | null = null

  const number = (text: string): number | undefined => (text.trim() === '' || Number.isNaN(Number(text)) ? undefined : Number(text))
  const wanted = (model: string): Wanted => ({
    model,
    messages: [
      ...(prompt.system.trim() ? [{ role: 'system' as const, content: prompt.system }] : []),
      { role: 'user' as const, content: prompt.user },
    ],
    temperature: number(state.temperature),
    max_tokens: number(state.max_tokens),
    stream: state.stream || undefined,
  })
  const busy = computed(() => runs.value.some((run) => run.busy))
  const can = computed(() => Boolean(state.model && prompt.user.trim() && (key.ready.value || state.org)))

  async function one(run: Run, secret: string, signal: AbortSignal): Promise<void> {
    try {
      run.answered = await complete(secret, wanted(run.model), (text) => (run.text += text), signal)
    } catch (failure) {
      if (!isCanceled(failure) && !signal.aborted) run.error = failure
    }
    run.busy = false
  }

  async function ask(): Promise<void> {
    if (!can.value || busy.value) return
    stop()
    const mine = (asking = new AbortController())
    error.value = null
    const models = [state.model, state.other].filter(Boolean)
    runs.value = models.map((model) => ({ model, text: '', busy: true, answered: null, error: null }))
    try {
      const secret = await key.secretFor(state.org)
      await Promise.all(runs.value.map((run) => one(run, secret, mine.signal)))
    } catch (failure) {
      error.value = failure
      runs.value = []
    }
  }

  function stop(): void {
    asking?.abort()
    for (const run of runs.value) run.busy = false
  }

  onScopeDispose(stop)
  return { state, prompt, key, runs, error, busy, can, wanted, ask, stop }
}

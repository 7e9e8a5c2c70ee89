import { type Ref, ref, shallowRef } from 'vue'
import { isCanceled } from '@/api/http'

export interface Load<T> {
  data: Ref<T | null>
  loading: Ref<boolean>
  error: Ref<unknown>
  reload: () => Promise<void>
}

/** One question to the API: its answer, whether it is on its way, what went wrong. The newest wins. */
export function useLoad<T>(ask: (signal: AbortSignal) => Promise<T>, options: { now?: boolean } = {}): Load<T> {
  const data = shallowRef<T | null>(null)
  const loading = ref(false)
  const error = shallowRef<unknown>(null)
  let asking: AbortController | null = null

  async function reload(): Promise<void> {
    asking?.abort()
    const mine = (asking = new AbortController())
    loading.value = true
    try {
      const answer = await ask(mine.signal)
      if (mine !== asking) return
      data.value = answer
      error.value = null
    } catch (failure) {
      if (isCanceled(failure) || mine !== asking) return
      error.value = failure
    }
    loading.value = false
  }

  if (options.now !== false) void reload()
  return { data, loading, error, reload }
}

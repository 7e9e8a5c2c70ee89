import { ref, shallowRef } from 'vue'

/** Runs what a form or button does: `busy` meanwhile, `error` if it fails. Resolves to undefined then. */
export function useSubmit<A extends unknown[], T>(act: (...args: A) => Promise<T>) {
  const busy = ref(false)
  const error = shallowRef<unknown>(null)

  async function run(...args: A): Promise<T | undefined> {
    if (busy.value) return undefined
    busy.value = true
    error.value = null
    try {
      return await act(...args)
    } catch (failure) {
      error.value = failure
      return undefined
    } finally {
      busy.value = false
    }
  }

  return { busy, error, run }
}

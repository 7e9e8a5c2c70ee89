import { onScopeDispose, type Ref, ref } from 'vue'

/** Whether the window is a phone's: below 768 px, or another width. */
export function useNarrow(below = 768): Ref<boolean> {
  const query = matchMedia(`(width < ${below}px)`)
  const narrow = ref(query.matches)
  const follow = (event: MediaQueryListEvent): void => {
    narrow.value = event.matches
  }
  query.addEventListener('change', follow)
  onScopeDispose(() => query.removeEventListener('change', follow))
  return narrow
}

import { type Ref, watch } from 'vue'

const REACHABLE = 'a[href], button:not(:disabled), input:not(:disabled):not([type=hidden]), textarea:not(:disabled), select:not(:disabled), [tabindex]:not([tabindex="-1"])'

/**
 * Keeps the keyboard inside a dialog while it is open, and gives it back to where it was.
 * Call `enter` once the dialog is there, and `onTab` for its Tab key.
 */
export function useFocusInside(place: Ref<HTMLElement | undefined>, open: Ref<boolean>) {
  let before: HTMLElement | null = null

  // Also what Arco draws around the place: the button that closes it.
  const root = (): HTMLElement | null | undefined => place.value?.closest<HTMLElement>('.arco-modal, .arco-drawer') ?? place.value
  const reachable = (of: HTMLElement | null | undefined): HTMLElement[] =>
    [...(of?.querySelectorAll<HTMLElement>(REACHABLE) ?? [])].filter((each) => each.offsetParent !== null)

  watch(
    open,
    (now) => {
      if (now) before = document.activeElement as HTMLElement | null
      else if (before?.isConnected) before.focus()
    },
    { flush: 'sync' },
  )

  function enter(): void {
    if (root()?.contains(document.activeElement)) return
    const inside = reachable(place.value)
    const field = inside.find((each) => each.matches('input, textarea, select'))
    ;(field ?? inside[0] ?? place.value)?.focus()
  }

  function onTab(event: KeyboardEvent): void {
    const all = reachable(root())
    const [first, last] = [all[0], all.at(-1)]
    const leaves = event.shiftKey ? document.activeElement === first : document.activeElement === last
    if (!leaves) return
    event.preventDefault()
    ;(event.shiftKey ? last : first)?.focus()
  }

  return { enter, onTab }
}

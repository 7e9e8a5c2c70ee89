import { computed, type ComputedRef } from 'vue'
import { useUi } from '@/stores/ui'
import type { Column } from './table'

export interface ColumnChoice {
  shown: ComputedRef<Column[]>
  hidden: ComputedRef<string[]>
  toggle: (key: string) => void
}

/** Which columns of the list `name` this browser shows. */
export function useColumns(name: string, columns: () => Column[]): ColumnChoice {
  const ui = useUi()
  const standard = (): string[] => columns().filter((each) => each.extra).map((each) => each.key)
  const hidden = computed(() => ui.columns[name] ?? standard())
  const shown = computed(() => columns().filter((each) => !hidden.value.includes(each.key)))

  function toggle(key: string): void {
    const now = hidden.value
    const next = now.includes(key) ? now.filter((each) => each !== key) : [...now, key]
    ui.columns = { ...ui.columns, [name]: next }
  }

  return { shown, hidden, toggle }
}

import { defineStore } from 'pinia'
import { computed, ref, watchEffect } from 'vue'
import { LOCALES, type Locale, preferred, speak } from '@/i18n'

export type Theme = 'auto' | 'light' | 'dark'

const PLACE = 'orouter.ui'

interface Kept {
  theme: Theme
  locale: Locale
  folded: boolean
  columns: Record<string, string[]>
}

/** What this browser remembers: nothing of it is secret, all of it may be lost. */
function kept(): Kept {
  const standard: Kept = { theme: 'auto', locale: preferred(), folded: false, columns: {} }
  try {
    const found = JSON.parse(localStorage.getItem(PLACE) ?? '{}') as Partial<Kept>
    const locale = LOCALES.find((each) => each === found.locale) ?? standard.locale
    return { ...standard, ...found, locale }
  } catch {
    return standard
  }
}

export const useUi = defineStore('ui', () => {
  const first = kept()
  const theme = ref(first.theme)
  const locale = ref(first.locale)
  const folded = ref(first.folded)
  const columns = ref(first.columns)
  const online = ref(navigator.onLine)

  const system = matchMedia('(prefers-color-scheme: dark)')
  const systemDark = ref(system.matches)
  system.addEventListener('change', (event) => (systemDark.value = event.matches))
  addEventListener('online', () => (online.value = true))
  addEventListener('offline', () => (online.value = false))

  const dark = computed(() => (theme.value === 'auto' ? systemDark.value : theme.value === 'dark'))

  watchEffect(() => {
    document.body.toggleAttribute('arco-theme', dark.value)
    if (dark.value) document.body.setAttribute('arco-theme', 'dark')
  })
  watchEffect(() => {
    const now: Kept = { theme: theme.value, locale: locale.value, folded: folded.value, columns: columns.value }
    localStorage.setItem(PLACE, JSON.stringify(now))
  })

  async function setLocale(wanted: Locale): Promise<void> {
    await speak(wanted)
    locale.value = wanted
  }

  return { theme, locale, folded, columns, online, dark, setLocale }
})

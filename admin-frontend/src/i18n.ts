import dayjs from 'dayjs'
import { createI18n } from 'vue-i18n'

export const LOCALES = ['en-US', 'zh-CN'] as const
export type Locale = (typeof LOCALES)[number]

export const i18n = createI18n({
  legacy: false,
  locale: 'en-US' as string,
  fallbackLocale: false,
  missingWarn: import.meta.env.DEV,
  messages: {} as Record<string, Record<string, never>>,
})

const texts: Record<Locale, () => Promise<{ default: object }>> = {
  'en-US': () => import('./locales/en-US'),
  'zh-CN': () => import('./locales/zh-CN'),
}

/** The language of the browser, if we speak it. */
export function preferred(languages: readonly string[] = navigator.languages): Locale {
  const first = languages.find((each) => /^(zh|en)\b/i.test(each))
  return first?.toLowerCase().startsWith('zh') ? 'zh-CN' : 'en-US'
}

/** Loads the language if need be and speaks it everywhere: texts, dates, `<html lang>`. */
export async function speak(locale: Locale): Promise<void> {
  if (!i18n.global.availableLocales.includes(locale)) {
    i18n.global.setLocaleMessage(locale, (await texts[locale]()).default as never)
  }
  i18n.global.locale.value = locale
  dayjs.locale(locale.toLowerCase())
  document.documentElement.lang = locale
}

import { computed } from 'vue'
import { useI18n } from 'vue-i18n'
import { useSession } from '@/stores/session'

const UNITS: [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 31_557_600],
  ['month', 2_629_800],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
]

/** How numbers, money and times are written: in the language, and in the reporting time zone. */
export function useFormat() {
  const { locale, t } = useI18n()
  const session = useSession()

  const plain = computed(() => new Intl.NumberFormat(locale.value, { maximumFractionDigits: 2 }))
  const short = computed(() => new Intl.NumberFormat(locale.value, { notation: 'compact', maximumFractionDigits: 1 }))
  const dated = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(locale.value, { timeZone: session.zone, hourCycle: 'h23', ...options })
  const moment = computed(() => dated({ dateStyle: 'medium', timeStyle: 'medium' }))
  const minute = computed(() => dated({ dateStyle: 'medium', timeStyle: 'short' }))
  const day = computed(() => dated({ dateStyle: 'medium' }))
  const ago = computed(() => new Intl.RelativeTimeFormat(locale.value, { numeric: 'auto' }))

  /** 1,234.5 */
  const number = (value: number | string): string => plain.value.format(Number(value))
  /** 1.2K; numbers below 10,000 in full. */
  const compact = (value: number | string): string =>
    Math.abs(Number(value)) < 10_000 ? number(value) : short.value.format(Number(value))
  /** 12.3 % of a share between 0 and 1. */
  const percent = (share: number, digits = 1): string =>
    new Intl.NumberFormat(locale.value, { style: 'percent', maximumFractionDigits: digits }).format(share)
  /** USD with the digits that a small amount needs; null: unknown, never zero. */
  const money = (usd: string | number | null | undefined): string => {
    if (usd === null || usd === undefined) return '—'
    const amount = Number(usd)
    const digits = amount === 0 || Math.abs(amount) >= 1 ? 2 : Math.abs(amount) >= 0.01 ? 4 : 6
    return new Intl.NumberFormat(locale.value, {
      style: 'currency',
      currency: 'USD',
      currencyDisplay: 'narrowSymbol',
      minimumFractionDigits: 2,
      maximumFractionDigits: digits,
    }).format(amount)
  }
  /** 850 ms, 1.24 s, 2.1 min. */
  const duration = (ms: number | null | undefined): string => {
    if (ms === null || ms === undefined) return '—'
    if (ms < 1000) return t('units.ms', { n: number(Math.round(ms)) })
    return ms < 100_000 ? t('units.s', { n: number(ms / 1000) }) : t('units.min', { n: number(Math.round(ms / 6000) / 10) })
  }
  const relative = (iso: string, now = Date.now()): string => {
    const seconds = (Date.parse(iso) - now) / 1000
    const [unit, size] = UNITS.find(([, each]) => Math.abs(seconds) >= each) ?? ['second', 1]
    return ago.value.format(Math.trunc(seconds / size), unit)
  }
  const time = (iso: string): string => `${moment.value.format(new Date(iso))} (${session.zone})`
  const shortTime = (iso: string): string => minute.value.format(new Date(iso))
  const date = (iso: string): string => day.value.format(new Date(iso))

  return { number, compact, percent, money, duration, relative, time, shortTime, date }
}

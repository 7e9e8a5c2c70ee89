import { Message } from '@arco-design/web-vue'
import { useI18n } from 'vue-i18n'
import { ApiError } from '@/api/http'

export interface Problem {
  title: string
  /** The server's own sentence, where it says more than the title. */
  detail: string
  requestId: string | null
}

const SPEAKS_FOR_ITSELF = new Set(['invalid_request', 'validation_failed', 'conflict', 'limit_exceeded', 'upstream_error'])

/** Says errors in the language of the page: by their code, with the request id to ask about. */
export function useProblem() {
  const { t, te } = useI18n()

  function describe(error: unknown): Problem {
    if (!(error instanceof ApiError)) return { title: t('errors.unexpected'), detail: String(error), requestId: null }
    const known = te(`errors.${error.code}`)
    const title = known ? t(`errors.${error.code}`) : t('errors.unexpected')
    const detail = !known || SPEAKS_FOR_ITSELF.has(error.code) ? error.message : ''
    return { title, detail, requestId: error.requestId }
  }

  /** For what went wrong after a click: a message that can be read to the end. */
  function report(error: unknown): void {
    const { title, detail, requestId } = describe(error)
    const told = [title, detail, requestId && t('errors.requestId', { id: requestId })].filter(Boolean).join(' · ')
    Message.error({ content: told, duration: 8000, closable: true })
  }

  return { describe, report }
}

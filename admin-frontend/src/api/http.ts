import axios, { type AxiosError } from 'axios'

/** What an answer that is not 2xx says, or that no answer came (`offline`). */
export class ApiError extends Error {
  constructor(
    message: string,
    readonly status: number,
    readonly code: string,
    readonly param: string | null = null,
    readonly requestId: string | null = null,
    readonly retryAfter: number | null = null,
  ) {
    super(message)
    this.name = 'ApiError'
  }
}

interface ErrorBody {
  error?: { message?: string; code?: string; param?: string | null; request_id?: string }
}

/** The management API. The session is a cookie that scripts cannot read; nothing secret is kept here. */
export const http = axios.create({
  baseURL: '/api/v1',
  timeout: 30_000,
  xsrfCookieName: 'XSRF-TOKEN',
  xsrfHeaderName: 'X-XSRF-TOKEN',
  paramsSerializer: { indexes: null },
  headers: { Accept: 'application/json' },
})

let onUnauthorized: () => void = () => undefined

/** Registers what happens when a session has ended: the router shows the login page. */
export function whenUnauthorized(act: () => void): void {
  onUnauthorized = act
}

http.interceptors.response.use(undefined, (failure: AxiosError<ErrorBody>) => {
  if (axios.isCancel(failure)) return Promise.reject(failure)
  const error = understood(failure)
  if (error.status === 401 && !failure.config?.url?.startsWith('/session')) onUnauthorized()
  return Promise.reject(error)
})

function understood({ response, message, code }: AxiosError<ErrorBody>): ApiError {
  if (!response) {
    return new ApiError(message, 0, code === 'ECONNABORTED' ? 'timeout' : 'offline')
  }
  const told = response.data?.error
  const header = (name: string): string | null => (response.headers[name] as string | undefined) ?? null
  return new ApiError(
    told?.message ?? response.statusText,
    response.status,
    told?.code ?? `http_${response.status}`,
    told?.param ?? null,
    told?.request_id ?? header('x-request-id'),
    Number(header('retry-after')) || null,
  )
}

export const isCanceled = axios.isCancel

/** The query of an address: what is empty is left out, lists are repeated. */
export function compact<T extends object>(params: T): Partial<T> {
  return Object.fromEntries(
    Object.entries(params).filter(([, value]) => value !== '' && value !== null && value !== undefined && value !== false),
  ) as Partial<T>
}

/** The address of a file that the browser downloads by itself, with its query. */
export function fileAddress(path: string, params: object): string {
  return http.getUri({ url: path, params: compact(params) })
}

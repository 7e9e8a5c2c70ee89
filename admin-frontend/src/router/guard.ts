import type { NavigationGuardReturn, RouteLocationNormalized } from 'vue-router'
import { useSession } from '@/stores/session'

/** Only addresses of our own are returned to after signing in. */
export function safeReturn(wanted: unknown): string {
  const path = typeof wanted === 'string' ? wanted : ''
  return /^\/(?![/\\])/.test(path) ? path : '/'
}

/** A session has a cookie that scripts see (against forged requests): without it, nobody need be asked. */
const maybeSignedIn = (): boolean => /(?:^|; )XSRF-TOKEN=/.test(document.cookie)

/** Who is signed in has no use for the login page. */
async function pastLogin(to: RouteLocationNormalized): Promise<NavigationGuardReturn> {
  const session = maybeSignedIn() ? await useSession().load().catch(() => null) : null
  return session ? safeReturn(to.query.return) : true
}

/**
 * Closed unless a route says `open`: nobody signed in is sent to the login page, which returns to where
 * they wanted to go; who may not see a page is told so, in its place.
 */
export async function guard(to: RouteLocationNormalized): Promise<NavigationGuardReturn> {
  if (to.name === 'login') return pastLogin(to)
  if (to.meta.open) return true
  const session = useSession()
  const toLogin = { name: 'login', query: to.fullPath === '/' ? {} : { return: to.fullPath } }
  try {
    if (!(await session.load())) return toLogin
  } catch {
    return to.name === 'offline' ? true : { name: 'offline', query: { return: to.fullPath } }
  }
  if (session.can(to.meta.permission)) return true
  return { name: 'forbidden', query: { page: String(to.name) } }
}

import { mount, type VueWrapper } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { type Component, defineComponent, h } from 'vue'
import { createMemoryHistory, createRouter, type Router } from 'vue-router'
import type { Session } from '@/api/types'
import { i18n, speak } from '@/i18n'
import { useSession } from '@/stores/session'

/** A session of a superadmin, in UTC. */
export const someone: Session = {
  user: {
    id: 'user_1',
    email: 'ada@example.com',
    name: 'Ada',
    role: 'superadmin',
    orgs: [],
    status: 'active',
    last_login_at: null,
    created_at: '2026-11-01T00:00:00Z',
    updated_at: '2026-11-01T00:00:00Z',
    deleted_at: null,
  },
  permissions: ['orgs.read', 'keys.read', 'keys.write'],
  expires_at: '2026-12-01T00:00:00Z',
  reporting_timezone: 'UTC',
  version: '0.0.0',
}

export interface Mounted {
  wrapper: VueWrapper
  router: Router
}

const Nothing = { template: '<i />' }

/** A component as the application would mount it: English, signed in, at an address. */
export async function mounted(component: Component, props: object = {}, options: { at?: string; slots?: Record<string, unknown> } = {}): Promise<Mounted> {
  await speak('en-US')
  const pinia = createPinia()
  setActivePinia(pinia)
  useSession().begin(someone)
  const router = createRouter({ history: createMemoryHistory(), routes: [{ path: '/:path(.*)*', component: Nothing }] })
  await router.push(options.at ?? '/')
  const wrapper = mount(component as never, {
    props: props as never,
    slots: options.slots as never,
    attachTo: document.body,
    global: { plugins: [pinia, i18n, router] },
  })
  return { wrapper, router }
}

/** Runs a composable inside a component at an address. */
export async function used<T>(compose: () => T, at = '/'): Promise<Mounted & { result: T }> {
  let result: T | undefined
  const Host = defineComponent({
    setup() {
      result = compose()
      return () => h('i')
    },
  })
  const made = await mounted(Host, {}, { at })
  return { ...made, result: result as T }
}

import { createRouter, createWebHistory } from 'vue-router'
import { whenUnauthorized } from '@/api/http'
import { useSession } from '@/stores/session'
import { guard } from './guard'
import { pages } from './pages'

export const router = createRouter({
  history: createWebHistory('/admin/'),
  routes: [
    { path: '/login', name: 'login', component: () => import('@/views/session/LoginPage.vue'), meta: { open: true } },
    { path: '/setup', name: 'setup', component: () => import('@/views/session/SetupPage.vue'), meta: { open: true } },
    { path: '/offline', name: 'offline', component: () => import('@/views/session/OfflinePage.vue'), meta: { open: true } },
    {
      path: '/',
      component: () => import('@/layouts/AppLayout.vue'),
      children: [
        { path: '403', name: 'forbidden', component: () => import('@/views/session/ForbiddenPage.vue') },
        ...pages,
      ],
    },
  ],
  scrollBehavior: (to, from, saved) => saved ?? (to.path === from.path ? false : { top: 0 }),
})

router.beforeEach(guard)

// After an update of the server the files that an open page knows are gone: load the page anew.
router.onError((error: Error, to) => {
  if (/dynamically imported module|Importing a module script failed/i.test(error.message)) {
    location.assign(router.resolve(to.fullPath).href)
  }
})

whenUnauthorized(() => {
  const session = useSession()
  const { fullPath, meta } = router.currentRoute.value
  session.end()
  if (!meta.open) void router.push({ name: 'login', query: { return: fullPath, ended: '1' } })
})

import type { RouteRecordRaw } from 'vue-router'

declare module 'vue-router' {
  interface RouteMeta {
    /** What the session must permit; absent: being signed in is enough. */
    permission?: string
    /** Open to everybody. All else needs a session. */
    open?: boolean
    /** Its place in the side navigation, with the icon; its text is `nav.NAME`. */
    nav?: { group: 'use' | 'watch' | 'run'; icon: string }
  }
}

/** The pages inside the frame. A page that is a list opens its detail by the query, so that it can be linked. */
export const pages: RouteRecordRaw[] = [
  {
    path: '',
    name: 'overview',
    component: () => import('@/views/overview/OverviewPage.vue'),
    meta: { nav: { group: 'use', icon: 'icon-dashboard' } },
  },
  {
    path: 'orgs',
    name: 'organizations',
    component: () => import('@/views/organizations/OrganizationsPage.vue'),
    meta: { nav: { group: 'use', icon: 'icon-apps' }, permission: 'orgs.read' },
  },
  {
    path: 'orgs/:id',
    name: 'organization',
    component: () => import('@/views/organizations/OrganizationPage.vue'),
    meta: { permission: 'orgs.read' },
  },
  {
    path: 'keys',
    name: 'keys',
    component: () => import('@/views/keys/KeysPage.vue'),
    meta: { nav: { group: 'use', icon: 'icon-safe' }, permission: 'keys.read' },
  },
  {
    path: 'usage',
    name: 'usage',
    component: () => import('@/views/statistics/UsagePage.vue'),
    meta: { nav: { group: 'watch', icon: 'icon-bar-chart' }, permission: 'stats.read' },
  },
  {
    path: 'logs',
    name: 'requests',
    component: () => import('@/views/requests/RequestsPage.vue'),
    meta: { nav: { group: 'watch', icon: 'icon-list' }, permission: 'requests.read' },
  },
  {
    path: 'playground',
    name: 'playground',
    component: () => import('@/views/playground/PlaygroundPage.vue'),
    meta: { nav: { group: 'use', icon: 'icon-message' }, permission: 'keys.write' },
  },
  {
    path: 'models',
    name: 'models',
    component: () => import('@/views/models/ModelsPage.vue'),
    meta: { nav: { group: 'run', icon: 'icon-storage' }, permission: 'models.read' },
  },
  {
    path: 'providers',
    name: 'providers',
    component: () => import('@/views/providers/ProvidersPage.vue'),
    meta: { nav: { group: 'run', icon: 'icon-cloud' }, permission: 'providers.read' },
  },
  {
    path: 'users',
    name: 'users',
    component: () => import('@/views/users/UsersPage.vue'),
    meta: { nav: { group: 'run', icon: 'icon-user-group' }, permission: 'users.read' },
  },
  {
    path: 'audit',
    name: 'audit',
    component: () => import('@/views/audit/AuditPage.vue'),
    meta: { nav: { group: 'watch', icon: 'icon-history' }, permission: 'audit.read' },
  },
  {
    path: 'settings',
    name: 'settings',
    component: () => import('@/views/settings/SettingsPage.vue'),
    meta: { nav: { group: 'run', icon: 'icon-settings' }, permission: 'settings.read' },
  },
  { path: 'profile', name: 'profile', component: () => import('@/views/profile/ProfilePage.vue') },
  { path: ':path(.*)*', name: 'missing', component: () => import('@/views/session/MissingPage.vue') },
]

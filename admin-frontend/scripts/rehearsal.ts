import type { Plugin } from 'vite'

const RIGHTS =
  'orgs.read orgs.write keys.read keys.write limits.read limits.write members.read stats.read requests.read audit.read ' +
  'models.read models.write providers.read providers.write system.read settings.read settings.write users.read users.write'

/** For `npm run dev` with `OROUTER_KEY`: an admin key instead of a session, so that no user is needed. */
export function rehearsal(key: string | undefined): Plugin {
  const permissions = (process.env.OROUTER_PERMISSIONS ?? RIGHTS).split(' ')
  const now = new Date().toISOString()
  const session = {
    user: { id: 'user_rehearsal', email: 'ada@example.com', name: 'Ada Lovelace', role: 'superadmin', orgs: [], status: 'active', last_login_at: now, created_at: now, updated_at: now, deleted_at: null },
    permissions,
    expires_at: now,
    reporting_timezone: process.env.OROUTER_ZONE ?? 'Asia/Shanghai',
    version: '0.1.0',
  }
  return {
    name: 'orouter-rehearsal',
    apply: 'serve',
    configureServer(server) {
      if (!key) return
      server.middlewares.use('/api/v1/session', (_request, response) => {
        response.setHeader('content-type', 'application/json')
        response.end(JSON.stringify(session))
      })
    },
  }
}

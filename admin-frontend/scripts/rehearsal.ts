import type { Plugin } from 'vite'

/** For `npm run dev` with `OROUTER_KEY`: an admin key instead of a session, so that no user is needed. */
export function rehearsal(key: string | undefined): Plugin {
  const permissions = (process.env.OROUTER_PERMISSIONS ?? 'org.read org.create org.update org.delete key.read key.issue key.update key.delete key.move limit.set member.write stats.read request.read model.read model.write provider.read provider.write user.read user.write audit.read settings.read settings.write').split(' ')
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

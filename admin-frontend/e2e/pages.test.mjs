// Every page: no serious finding of axe, no sideways scrolling on a phone, no complaint in the console.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { after, before, describe, it } from 'node:test'
import { executable, openPage, screens, signUp, startBrowser } from './browser.mjs'
import { chat, startGateway } from './gateway.mjs'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const PAGES = {
  overview: '/',
  organizations: '/orgs',
  organization: '/orgs/ORG',
  'organization-keys': '/orgs/ORG?tab=keys',
  'organization-limits': '/orgs/ORG?tab=limits',
  'organization-usage': '/orgs/ORG?tab=usage',
  'organization-members': '/orgs/ORG?tab=members',
  'organization-audit': '/orgs/ORG?tab=audit',
  keys: '/keys',
  key: '/keys?key=KEY',
  usage: '/usage',
  requests: '/logs',
  playground: '/playground',
  models: '/models',
  providers: '/providers',
  users: '/users',
  audit: '/audit',
  settings: '/settings',
  profile: '/profile',
  missing: '/nothing/here',
  forbidden: '/403',
}
const LOOKS = [
  { name: 'light', theme: 'light', locale: 'en-US', size: 'wide' },
  { name: 'dark', theme: 'dark', locale: 'zh-CN', size: 'wide' },
  { name: 'phone', theme: 'light', locale: 'zh-CN', size: 'phone' },
]

async function findings(page) {
  // Through the debugger, not the page: our policy lets no foreign script run.
  const found = await page.evaluate(`${axe}; axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'] })`)
  return found.violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map(({ html }) => html.slice(0, 140)).join(' | ')}`)
}

const wider = (page) => page.evaluate(() => document.documentElement.scrollWidth - innerWidth)

describe('pages', { skip: executable ? false : 'no Chromium', timeout: 900_000 }, () => {
  let gateway
  let browser
  let state
  const ids = {}

  before(async () => {
    ;[gateway, browser] = await Promise.all([startGateway(), startBrowser()])
    for (const model of ['demo/echo', 'demo/lorem', 'demo/error-500']) await chat(gateway, gateway.key, model)
    state = await signUp(browser, gateway.setup, 'ada@example.com')
    const [org] = JSON.parse(await gateway.run('-o', 'json', 'org', 'list'))
    const [key] = JSON.parse(await gateway.run('-o', 'json', 'key', 'list'))
    Object.assign(ids, { ORG: org.id, KEY: key.id })
    await gateway.run('limits', 'set', org.id, '--requests', '5', '--cost', '10')
  })
  after(async () => {
    await browser?.close()
    await gateway?.stop()
  })

  for (const look of LOOKS) {
    describe(look.name, () => {
      let page
      before(async () => (page = await openPage(browser, { state, ...look })))
      after(() => page.context().close())

      for (const [name, path] of Object.entries(PAGES)) {
        it(name, async () => {
          page.complaints.length = 0
          const at = path.replace('ORG', ids.ORG).replace('KEY', ids.KEY)
          await page.goto(`${gateway.url}/admin${at}`, { waitUntil: 'networkidle' })
          await page.waitForTimeout(300)
          await page.screenshot({ path: `${screens}${name}-${look.name}.png`, fullPage: true })
          assert.deepEqual(await findings(page), [])
          assert.ok((await wider(page)) <= 0, 'scrolls sideways')
          assert.deepEqual(page.complaints, [])
        })
      }
    })
  }

  for (const look of LOOKS) {
    it(`login, ${look.name}`, async () => {
      const page = await openPage(browser, look)
      await page.goto(`${gateway.url}/admin/keys?status=active`, { waitUntil: 'networkidle' })
      assert.match(page.url(), /\/login\?return=/)
      await page.screenshot({ path: `${screens}login-${look.name}.png` })
      assert.deepEqual(await findings(page), [])
      assert.ok((await wider(page)) <= 0, 'scrolls sideways')
      await page.context().close()
    })
  }
})

// The machine's real Chromium; what a page complains about is kept.
import { existsSync, mkdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'

const PATHS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']
export const executable = process.env.CHROMIUM ?? PATHS.find((path) => existsSync(path))
export const screens = fileURLToPath(new URL('../.screens/', import.meta.url))
export const PASSWORD = 'correct horse battery staple'

export const SIZES = { wide: { width: 1440, height: 900 }, phone: { width: 390, height: 844 } }

export async function startBrowser() {
  mkdirSync(screens, { recursive: true })
  const args = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking']
  return chromium.launch({ executablePath: executable, args })
}

/** A page with complaints of its console in `page.complaints`. */
export async function openPage(browser, { state, size = 'wide', theme = 'light', locale = 'en-US' } = {}) {
  const context = await browser.newContext({ viewport: SIZES[size], storageState: state, acceptDownloads: true })
  await context.addInitScript((kept) => {
    if (!sessionStorage.getItem('begun')) localStorage.setItem('orouter.ui', JSON.stringify(kept))
    sessionStorage.setItem('begun', '1')
  }, { theme, locale })
  const page = await context.newPage()
  page.complaints = []
  page.on('console', (line) => ['error', 'warning'].includes(line.type()) && page.complaints.push(line.text()))
  page.on('pageerror', (error) => page.complaints.push(error.message))
  return page
}

/** Follows the one-time link and chooses a password; answers the signed-in browser state. */
export async function signUp(browser, link, email) {
  const page = await openPage(browser)
  await page.goto(link, { waitUntil: 'networkidle' })
  const address = page.locator('input[type=email]')
  if (email && (await address.count())) await address.fill(email)
  const name = page.locator('input[autocomplete=name]')
  if (await name.count()) await name.fill('Ada Lovelace')
  for (const field of await page.locator('input[type=password]').all()) await field.fill(PASSWORD)
  await page.click('button[type=submit]')
  await page.waitForURL(/\/admin\/$/)
  const state = await page.context().storageState()
  await page.context().close()
  return state
}

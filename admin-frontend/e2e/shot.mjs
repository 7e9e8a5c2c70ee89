// node e2e/shot.mjs URL NAME [dark] [zh] [phone] [CLICK-SELECTOR…]: a screenshot in .screens/NAME.png, console errors printed.
import { mkdirSync } from 'node:fs'
import { chromium } from 'playwright-core'

const [url, name, ...rest] = process.argv.slice(2)
const has = (word) => rest.includes(word)
const clicks = rest.filter((word) => !['dark', 'zh', 'phone', 'tall'].includes(word))
const viewport = has('phone') ? { width: 390, height: 844 } : { width: 1440, height: 900 }
mkdirSync('.screens', { recursive: true })
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] })
const page = await browser.newPage({ viewport, storageState: process.env.STATE, locale: has('zh') ? 'zh-CN' : 'en-US', colorScheme: has('dark') ? 'dark' : 'light' })
page.on('console', (line) => ['error', 'warning'].includes(line.type()) && console.log(line.type(), line.text()))
page.on('pageerror', (error) => console.log('pageerror', error.message))
await page.addInitScript((kept) => localStorage.setItem('orouter.ui', JSON.stringify(kept)), {
  theme: has('dark') ? 'dark' : 'light',
  locale: has('zh') ? 'zh-CN' : 'en-US',
})
await page.goto(url, { waitUntil: 'networkidle' })
for (const click of clicks) {
  await page.click(click)
  await page.waitForTimeout(500)
}
await page.waitForTimeout(300)
const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
if (wide > 0) console.log(`scrolls sideways by ${wide}`)
await page.screenshot({ path: `.screens/${name}.png`, fullPage: has('tall') })
await browser.close()

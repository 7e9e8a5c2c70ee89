// Holds the built UI to its budgets, in kilobytes of gzipped JavaScript (kB = 1000 bytes).
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'

const BUDGETS = { first: 170, route: 80, charts: 200 }
const built = fileURLToPath(new URL('../../orouter/admin_static/', import.meta.url))
const manifest = JSON.parse(readFileSync(join(built, 'manifest.json'), 'utf8'))

const size = (file) => gzipSync(readFileSync(join(built, file)), { level: 9 }).length / 1000

/** The files that loading `key` loads, itself included. */
function reach(key, files = new Set()) {
  const chunk = manifest[key]
  if (!chunk || files.has(chunk.file)) return files
  files.add(chunk.file)
  for (const each of chunk.imports ?? []) reach(each, files)
  return files
}

const total = (files) => [...files].reduce((sum, file) => sum + size(file), 0)
const isCharts = (key) => /echarts|charts/i.test(key)
const entry = reach('index.html')
const without = (files, others) => new Set([...files].filter((file) => !others.has(file)))

// First load: the entry, one language, and the page a visitor without a session sees.
const language = reach('src/locales/en-US/index.ts')
const login = reach('src/views/session/LoginPage.vue')
const rows = [['first load (entry, language, login)', total(new Set([...entry, ...language, ...login])), BUDGETS.first]]
const shell = new Set([...entry, ...reach('src/layouts/AppLayout.vue')])

for (const key of Object.keys(manifest).filter((each) => manifest[each].isDynamicEntry)) {
  if (isCharts(key)) rows.push([key, total(without(reach(key), entry)), BUDGETS.charts])
  else if (key.startsWith('src/views/')) rows.push([key, total(without(reach(key), shell)), BUDGETS.route])
}
const over = rows.filter(([, kilobytes, budget]) => kilobytes > budget)
const told = process.argv.includes('--all') ? rows : [rows[0], ...over]
for (const [name, kilobytes, budget] of told) console.log(`${kilobytes.toFixed(1).padStart(7)} kB of ${budget}  ${name}`)
if (over.length) {
  console.error('error: over the budget')
  process.exit(1)
}

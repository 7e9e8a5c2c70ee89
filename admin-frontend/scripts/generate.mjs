// Writes src/api/schema.d.ts from our OpenAPI; with --check, says whether it is current instead.
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import openapiTS, { astToString } from 'openapi-typescript'

const root = new URL('../../', import.meta.url)
const target = new URL('../src/api/schema.d.ts', import.meta.url)
const own = new URL('.venv/bin/python', root)
const python = existsSync(own) ? own.pathname : 'python3'

const described = execFileSync(python, ['scripts/print_openapi.py'], {
  cwd: root,
  maxBuffer: 64 * 2 ** 20,
})
const types = astToString(await openapiTS(JSON.parse(described.toString())))
const text = `// Made by \`npm run generate\` from our OpenAPI; not edited by hand.\n${types}`

if (!process.argv.includes('--check')) {
  writeFileSync(target, text)
} else if (!existsSync(target) || readFileSync(target, 'utf8') !== text) {
  console.error('error: admin-frontend/src/api/schema.d.ts is not what our OpenAPI says')
  console.error('hint: npm run generate (in admin-frontend)')
  process.exit(1)
}

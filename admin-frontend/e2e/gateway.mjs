// A gateway of its own for the browser tests: `orouter quickstart` in a folder that is thrown away.
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../../', import.meta.url))
const own = join(root, '.venv/bin/orouter')
const orouter = existsSync(own) ? own : 'orouter'
const PATIENCE_MS = 90_000

const freePort = () =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address()
      server.close(() => resolve(port))
    })
  })

/** Starts it; `setup` is the first administrator's link, `key` the secret of the quickstart key. */
export async function startGateway() {
  const folder = mkdtempSync(join(tmpdir(), 'orouter-e2e-'))
  const port = await freePort()
  const env = { ...process.env, OROUTER_REPORTING_TIMEZONE: 'Asia/Shanghai' }
  const server = spawn(orouter, ['quickstart', '--port', String(port)], { cwd: folder, env })
  let output = ''
  for (const stream of [server.stdout, server.stderr]) stream.on('data', (text) => (output += text))
  const url = `http://127.0.0.1:${port}`
  await until(async () => (await fetch(`${url}/health/ready`)).ok, () => output)
  await until(() => /Admin web: (\S+)/.test(output) && /OPENAI_API_KEY=\S/.test(output), () => output)

  return {
    url,
    setup: output.match(/Admin web: (\S+)/)[1],
    key: output.match(/OPENAI_API_KEY=(\S+)/)[1],
    /** A command of orouter beside it, on the same database; what it prints. */
    run: (...args) => run(folder, env, args),
    async stop() {
      const gone = new Promise((resolve) => server.once('exit', resolve))
      server.kill('SIGTERM')
      const hurry = setTimeout(() => server.kill('SIGKILL'), 10_000)
      await gone
      clearTimeout(hurry)
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function run(cwd, env, args) {
  return new Promise((resolve, reject) => {
    const command = spawn(orouter, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] })
    let [printed, told] = ['', '']
    command.stdout.on('data', (text) => (printed += text))
    command.stderr.on('data', (text) => (told += text))
    command.on('exit', (code) => (code === 0 ? resolve(printed) : reject(new Error(`orouter ${args.join(' ')}: ${told}`))))
  })
}

async function until(test, output) {
  const end = Date.now() + PATIENCE_MS
  for (;;) {
    if (await Promise.resolve().then(test).catch(() => false)) return
    if (Date.now() > end) throw new Error(`The gateway did not start:\n${output()}`)
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
}

/** A chat with the demo provider, so that there is something to see. */
export async function chat(gateway, key, model = 'demo/echo', message = 'hello') {
  return fetch(`${gateway.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ model, messages: [{ role: 'user', content: message }] }),
  })
}

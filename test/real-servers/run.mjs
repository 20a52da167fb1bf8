// Latchkey against servers that others wrote, really run: `node test/real-servers/run.mjs [which…]`.
// Each is started on this machine, signed in to, let expire, taken away, and made to refuse. What npm has is installed into a
// folder for temporary files; what Debian has must be there (the script says which packages), or the server is left out.
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { latchkeyFromSource } from './latchkey-from-source.mjs'
import { realServers } from './real-servers.mjs'
import { stories } from './stories.mjs'
import { openWire } from './wire.mjs'

/** @typedef {import('./real-servers.mjs').RealServer} RealServer */

/** Seconds; short, because the stories wait for the expiry. */
const lifetime = 2

const which = process.argv.slice(2)
const home = join(tmpdir(), 'latchkey-real-servers')
const programs = join(import.meta.dirname, 'programs')
const latchkey = await latchkeyFromSource()
let passed = 0
let failed = 0

/** @returns {Promise<number>} */
const freePort = () =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })

/**
 * Installs what is missing. The version of what there is then, or why there is none.
 *
 * @param {RealServer} server
 * @returns {{ version: string } | { missing: string }}
 */
function prepare({ name, npm, debian }) {
  if (npm) {
    const folder = join(home, name)
    mkdirSync(folder, { recursive: true })
    const [first = ''] = npm
    const at = first.lastIndexOf('@')
    const [main, wanted] = [first.slice(0, at), first.slice(at + 1)]
    const manifest = join(folder, 'node_modules', main, 'package.json')
    const isThere = existsSync(manifest) && JSON.parse(readFileSync(manifest, 'utf8')).version === wanted
    if (!isThere) {
      const args = [
        'install',
        '--ignore-scripts',
        '--no-audit',
        '--no-fund',
        '--save-exact',
        '--prefix',
        folder,
        ...npm,
      ]
      const { status, stderr } = spawnSync('npm', args, { encoding: 'utf8' })
      if (status !== 0) return { missing: stderr.trim().split('\n')[0] ?? 'npm install' }
    }
    return { version: `${main} ${wanted}` }
  }
  const code = `import importlib.metadata as m; print(', '.join(p + ' ' + m.version(p) for p in ${JSON.stringify(debian?.modules)}))`
  const { status, stdout } = spawnSync('/usr/bin/python3', ['-c', code], { encoding: 'utf8' })
  return status === 0
    ? { version: stdout.trim() }
    : { missing: `apt-get install ${debian?.packages.join(' ')}` }
}

/**
 * @param {RealServer} server
 * @param {number} port
 */
async function start({ name, program, npm }, port) {
  const [command, file] = npm ? [process.execPath, program] : ['/usr/bin/python3', program]
  const child = spawn(command, [join(programs, file)], {
    env: { ...process.env, PORT: `${port}`, LIFETIME: `${lifetime}`, MODULES: join(home, name) },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (output += text))
  for (let tries = 0; tries < 600; tries++) {
    if (child.exitCode !== null) throw new Error(`${name} ended:\n${output}`)
    const isUp = await fetch(`http://127.0.0.1:${port}/test/up`).then(
      () => true,
      () => false,
    )
    if (isUp) return { child, output: () => output }
    await sleep(200)
  }
  child.kill('SIGKILL')
  throw new Error(`${name} did not start:\n${output}`)
}

for (const server of realServers) {
  if (which.length > 0 && !which.includes(server.name)) continue
  const found = prepare(server)
  if ('missing' in found) {
    console.log(`\n${server.name}: not run, for want of: ${found.missing}`)
    continue
  }
  console.log(`\n${server.name}: ${found.version}, by ${server.by}`)
  const port = await freePort()
  const { child, output } = await start(server, port)
  const wire = await openWire(port, server.refreshPath)
  try {
    for (const [claim, tell] of Object.entries(stories)) {
      wire.reset()
      try {
        const note = await tell({ server, wire, latchkey, lifetime })
        if (note === 'does not apply') continue
        passed++
        console.log(`  ok      ${claim}${note ? `: ${note}` : ''}`)
      } catch (error) {
        failed++
        console.log(`  FAILED  ${claim}\n          ${error instanceof Error ? error.message : error}`)
        if (process.env.VERBOSE) console.log(output())
      }
    }
  } finally {
    await wire.close()
    child.kill('SIGKILL')
  }
}

console.log(`\n${passed} passed, ${failed} failed`)
process.exitCode = failed > 0 || passed === 0 ? 1 : 0

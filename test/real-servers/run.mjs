// Latchkey against servers that others wrote, really run: `node test/real-servers/run.mjs [which…]`.
// Each is started on this machine, signed in to, let expire, taken away, and made to refuse. What npm, RubyGems and Packagist
// have is installed into a folder for temporary files; what Debian has must be there (the script says which packages). A server
// that cannot be had is left out.
import { spawn } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { install } from './install.mjs'
import { latchkeyFromSource } from './latchkey-from-source.mjs'
import { launch } from './launch.mjs'
import { realServers } from './real-servers.mjs'
import { stories } from './stories.mjs'
import { openWire } from './wire.mjs'

/** @typedef {import('./real-servers.mjs').RealServer} RealServer */

/**
 * Of an access token, in seconds; short, because the stories wait for the expiry.
 *
 * @param {RealServer} server
 */
const lifetimeOf = ({ lifetime = 2 }) => lifetime

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
 * For what is installed.
 *
 * @param {RealServer} server
 */
const folderOf = ({ name, folder = name }) => join(home, folder)

/**
 * @param {RealServer} server
 * @param {number} port
 */
async function start(server, port) {
  const { name, program } = server
  const folder = folderOf(server)
  mkdirSync(folder, { recursive: true })
  const { command, args, variables } = launch(server, folder, join(programs, program), port)
  const child = spawn(command, args, {
    env: {
      ...process.env,
      SERVER: name,
      PORT: `${port}`,
      LIFETIME: `${lifetimeOf(server)}`,
      MODULES: folder,
      ...variables,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (output += text))
  for (let tries = 0; tries < 3000; tries++) {
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
  const found = install(server, folderOf(server))
  if ('missing' in found) {
    console.log(`\n${server.name}: not run, for want of: ${found.missing}`)
    continue
  }
  console.log(`\n${server.name}: ${found.version}, by ${server.by}`)
  const port = await freePort()
  const started = await start(server, port).catch((error) => error)
  if (started instanceof Error) {
    failed++
    console.log(`  FAILED  it starts\n          ${started.message}`)
    continue
  }
  const { child, output } = started
  const wire = await openWire(port, server.refreshPath)
  try {
    for (const [claim, tell] of Object.entries(stories)) {
      wire.reset()
      try {
        const note = await tell({ server, wire, latchkey, lifetime: lifetimeOf(server) })
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

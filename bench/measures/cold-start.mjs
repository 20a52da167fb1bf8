import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { build } from 'esbuild'
import { launch } from '../browser.mjs'
import { createMemoryStorage } from '../memory-storage.mjs'
import { axiosPeers } from '../peers/index.mjs'
import { median } from '../quantile.mjs'
import { startServer } from '../server.mjs'
import { lineOf } from '../summary.mjs'
import { fixed, tableOf } from '../table.mjs'

const here = fileURLToPath(new URL('..', import.meta.url))
const turns = 9

/** A module that has the peer, or nothing, or Latchkey's code in a function that nobody calls. @param {string} key @param {boolean} isForNode */
async function codeOf(key, isForNode) {
  const nothing = 'export default { wire() {} }'
  if (key === 'nothing') return nothing
  if (key !== 'parsed') return bundled(key, isForNode, 'esm')
  return `${nothing}\nfunction unused(module, require) {${await bundled('latchkey', isForNode, 'cjs')}}`
}

/** `axiosJwt` is in `axios-jwt.mjs`. @param {string} key */
const sourceOf = (key) =>
  `export { default } from './peers/${key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}.mjs'`

/** For CommonJS, which no page can `require`. @type {import('esbuild').Plugin} */
const importedAxios = {
  name: 'imported axios',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^axios$/ }, ({ kind, path }) =>
      kind === 'require-call' ? { path, namespace: 'imported' } : undefined,
    )
    onLoad({ filter: /^/, namespace: 'imported' }, () => ({
      contents: "export * from 'axios'; export { default } from 'axios'",
    }))
  },
}

/** @param {string} key @param {boolean} isForNode @param {'esm' | 'cjs'} format */
async function bundled(key, isForNode, format) {
  const { outputFiles } = await build({
    stdin: { contents: sourceOf(key), resolveDir: here },
    bundle: true,
    minify: true,
    format,
    target: 'es2022',
    platform: isForNode ? 'node' : 'browser',
    external: ['axios'],
    plugins: [importedAxios],
    define: { 'process.env.NODE_ENV': '"production"' },
    write: false,
    logLevel: 'error',
  })
  return outputFiles[0]?.text ?? ''
}

/**
 * CPU time of importing each and wiring it where a session is stored, and of wiring it once more, less that of an empty
 * module; axios is there.
 */
export async function measureColdStart() {
  const keys = ['nothing', 'parsed', ...Object.keys(axiosPeers)]
  const inNode = await measureInNode(keys)
  const inPage = await measureInPage(keys)
  const names = Object.entries(axiosPeers).map(([key, { name }]) => [key, name])
  /** @param {Found} found @param {string} key @param {'first' | 'again'} which */
  const ms = (found, key, which) =>
    median(found[which].get(key) ?? []) - median(found[which].get('nothing') ?? [])
  const table = tableOf(
    ['Cold start with a stored session, CPU', 'Node, ms', 'once more', 'Chromium, ms', 'once more'],
    [['parsed', 'Latchkey, parsed and not run'], ...names].map(([key, name]) => [
      name,
      ...[inNode, inPage].flatMap((found) => [
        fixed(ms(found, key, 'first'), 1),
        key === 'parsed' ? '' : fixed(ms(found, key, 'again'), 1),
      ]),
    ]),
  )
  const own = (/** @type {Found} */ found) =>
    names.map(([key, name]) => ({ name, value: ms(found, key, 'first') }))
  const summary = [
    lineOf({ figure: 'Cold start, ms of CPU, Node', digits: 1, found: own(inNode) }),
    lineOf({ figure: 'the same in Chromium', digits: 1, found: own(inPage) }),
  ]
  return { tables: [table], summary }
}

/** Milliseconds of each turn. @typedef {Record<'first' | 'again', Map<string, number[]>>} Found */

/** @param {string[]} keys @returns {Found} */
const nothingFound = (keys) => ({
  first: new Map(keys.map((key) => [key, []])),
  again: new Map(keys.map((key) => [key, []])),
})

/** @param {string[]} keys */
async function measureInNode(keys) {
  // Beside the peers, so that it finds the app's axios.
  const folder = mkdtempSync(join(here, 'cold-'))
  const found = nothingFound(keys)
  const server = await startServer()
  try {
    for (const key of keys) writeFileSync(join(folder, `${key}.mjs`), await codeOf(key, true))
    const stored = new Map()
    for (const [key, peer] of Object.entries(axiosPeers)) stored.set(key, await storedBy(peer, server))
    for (let turn = 0; turn < turns; turn++) {
      for (const key of keys) {
        const args = [
          fileURLToPath(new URL('../cold-in-node.mjs', import.meta.url)),
          join(folder, `${key}.mjs`),
        ]
        const { stdout } = await promisify(execFile)(process.execPath, [...args, stored.get(key) ?? '{}'])
        const { first, again } = JSON.parse(stdout)
        found.first.get(key)?.push(first)
        found.again.get(key)?.push(again)
      }
    }
  } finally {
    rmSync(folder, { recursive: true })
    await server.close()
  }
  return found
}

/** What a peer leaves in the storage after a sign-in, as JSON. @param {import('../peers/peer.js').Peer} peer @param {Awaited<ReturnType<typeof startServer>>} server */
async function storedBy(peer, server) {
  /** @type {Record<string, string>} */
  const kept = {}
  const storage = createMemoryStorage()
  const place = { origin: server.origin, expiry: /** @type {const} */ ('known'), aheadMs: 0 }
  const client = await peer.wire({
    ...place,
    storage: {
      ...storage,
      setItem(key, value) {
        kept[key] = value
        storage.setItem(key, value)
      },
    },
  })
  await client.signIn(server.signIn())
  client.close?.()
  return JSON.stringify(kept)
}

/** @param {string[]} keys */
async function measureInPage(keys) {
  const head = '<!doctype html><link rel="icon" href="data:,">'
  const files = new Map([
    [
      '/',
      `${head}<script type="importmap">{ "imports": { "axios": "/axios.js" } }</script><script type="module">import 'axios'</script>`,
    ],
    ['/axios.js', await bundledAxios()],
  ])
  for (const key of keys) files.set(`/${key}.js`, await codeOf(key, false))
  const server = await startServer({ files })
  const browser = await launch()
  const context = await browser.newContext()
  const found = nothingFound(keys)
  for (let turn = -1; turn < turns; turn++) {
    for (const key of keys) {
      const page = await context.newPage()
      await page.goto(`${server.origin}/`)
      const cdp = await context.newCDPSession(page)
      await cdp.send('Performance.enable', { timeDomain: 'threadTicks' })
      const busyMs = async () => {
        const { metrics } = await cdp.send('Performance.getMetrics')
        return (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN) * 1000
      }
      // The first turn signs in; the others find the session.
      const tokens = turn < 0 ? server.signIn() : null
      for (const which of /** @type {const} */ (['first', 'again'])) {
        const before = await busyMs()
        await page.evaluate(
          async ([key, tokens]) => {
            const { default: peer } = await import(`/${key}.js`)
            const place = { origin: location.origin, storage: localStorage, expiry: 'known', aheadMs: 0 }
            const client = await peer.wire(place)
            if (tokens) await client?.signIn(tokens)
          },
          /** @type {const} */ ([key, tokens]),
        )
        const tookMs = (await busyMs()) - before
        if (turn >= 0) found[which].get(key)?.push(tookMs)
      }
      await page.close()
    }
  }
  await browser.close()
  await server.close()
  return found
}

async function bundledAxios() {
  const { outputFiles } = await build({
    stdin: { contents: "export * from 'axios'; export { default } from 'axios'", resolveDir: here },
    bundle: true,
    minify: true,
    format: 'esm',
    write: false,
  })
  return outputFiles[0]?.text ?? ''
}

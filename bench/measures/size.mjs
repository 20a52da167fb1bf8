import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import nodeResolve from '@rollup/plugin-node-resolve'
import terser from '@rollup/plugin-terser'
import { build } from 'esbuild'
import { rollup } from 'rollup'
import { lineOf } from '../summary.mjs'
import { tableOf } from '../table.mjs'
import { measureSizeByPart } from './size-by-part.mjs'

const here = fileURLToPath(new URL('..', import.meta.url))
const external = ['axios', 'react', 'vue', 'rxjs', '@angular/*']

/** What most apps import. Paths are relative to this folder's parent, as the page's imports are. @param {string} client */
const defaultWith = (client) => `
  export { createSession } from '../dist/index.js'
  export { headerPair } from '../dist/servers.js'
  export { withSession } from '../dist/${client}.js'`
const ours = {
  axios: '`createSession`, `headerPair`, `withSession` of `latchkey/axios`',
  fetch: '`createSession`, `headerPair`, `withSession` of `latchkey/fetch`',
}

/** What an app imports of each, by what it sends with. @type {Record<'axios' | 'fetch', Record<string, string>>} */
const imports = {
  axios: {
    [ours.axios]: defaultWith('axios'),
    'axios-auth-refresh': `export * from 'axios-auth-refresh'`,
    'axios-auth-refresh-queue': `export * from 'axios-auth-refresh-queue'`,
    'axios-jwt': `export * from 'axios-jwt'`,
    '@supabase/auth-js, `AuthClient`': `export { AuthClient } from '@supabase/auth-js'`,
    'oidc-client-ts, `UserManager` and its store': `export { UserManager, WebStorageStateStore } from 'oidc-client-ts'`,
  },
  fetch: {
    [ours.fetch]: defaultWith('fetch'),
    'alova, fetch and both token authentications': `export { createAlova } from 'alova'; export { createClientTokenAuthentication, createServerTokenAuthentication } from 'alova/client'; export { default as adapterFetch } from 'alova/fetch'`,
    ky: `export { default } from 'ky'`,
  },
}

/** What an app may import besides. @returns {Promise<[name: string, code: string][]>} */
async function further() {
  const protocols = Object.keys(await import('../../dist/servers.js')).filter((name) => name !== 'headerPair')
  const parts = ['webStorageStore', 'memoryStore', 'keepFresh', 'shouldRetry']
  return [
    ...[...parts.map((name) => [name, 'index']), ...protocols.map((name) => [name, 'servers'])].map(
      ([name, file]) =>
        /** @type {[string, string]} */ ([`\`${name}\``, `export { ${name} } from '../dist/${file}.js'`]),
    ),
    ...['react', 'vue', 'angular'].map(
      (name) =>
        /** @type {[string, string]} */ ([`\`latchkey/${name}\``, `export * from '../dist/${name}.js'`]),
    ),
  ]
}

/** @param {string} code */
const gzipped = (code) => gzipSync(code, { level: 9 }).byteLength

/** @param {string} code */
async function byEsbuild(code) {
  const { outputFiles } = await build({
    stdin: { contents: code, resolveDir: here },
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    platform: 'browser',
    external,
    define: { 'process.env.NODE_ENV': '"production"' },
    write: false,
    logLevel: 'error',
  })
  return gzipped(outputFiles[0]?.text ?? '')
}

/** @param {string} code */
async function byRollup(code) {
  const entry = `${here}entry.js`
  const isExternal = (/** @type {string} */ name) => /^(axios|react|vue|rxjs|@angular\/.*)$/.test(name)
  const bundle = await rollup({
    input: entry,
    external: isExternal,
    onLog() {},
    plugins: [
      {
        name: 'entry',
        resolveId: (id) => (id === entry ? id : null),
        load: (id) => (id === entry ? code : null),
      },
      nodeResolve({ browser: true }),
      terser({ module: true }),
    ],
  })
  const { output } = await bundle.generate({ format: 'es' })
  const [{ code: bundled, imports: left }] = output
  // Rollup alone does not read CommonJS.
  const isWhole = left.every(isExternal) && !/\brequire\(/.test(bundled)
  return isWhole ? gzipped(bundled) : '–'
}

/** Minified and gzipped, axios and frameworks left to the app. */
export async function measureSize() {
  /** @type {(string | number)[][]} */
  const rows = []
  const summary = []
  for (const [client, codes] of Object.entries(imports)) {
    const found = []
    for (const [name, code] of Object.entries(codes)) {
      const bytes = await byEsbuild(code)
      rows.push([name, bytes, await byRollup(code)])
      found.push({ name: Object.values(ours).includes(name) ? 'Latchkey' : name, value: bytes })
    }
    summary.push(lineOf({ figure: `Size with ${client}, bytes`, digits: 0, found }))
  }
  const base = defaultWith('axios')
  const baseBytes = await byEsbuild(base)
  /** @type {(string | number)[][]} */
  const added = []
  for (const [name, code] of await further()) {
    added.push([name, (await byEsbuild(`${base}; ${code}`)) - baseBytes])
  }
  const tables = [
    tableOf(['Bytes, minified and gzipped', 'esbuild', 'rollup + terser'], rows),
    tableOf(['Added to the first row, esbuild', 'bytes'], added),
    await measureSizeByPart(),
  ]
  return { tables, summary }
}

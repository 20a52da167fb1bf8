import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import nodeResolve from '@rollup/plugin-node-resolve'
import terser from '@rollup/plugin-terser'
import { build } from 'esbuild'
import { rollup } from 'rollup'
import { tableOf } from '../table.mjs'
import { measureSizeByPart } from './size-by-part.mjs'

const here = fileURLToPath(new URL('..', import.meta.url))
const external = ['axios', 'react', 'vue', 'rxjs', '@angular/*']

const latchkey = `export * from '../dist/index.js'`

/** What an app imports of each. Paths are relative to this folder's parent, as the page's imports are. */
const imports = {
  '`latchkey` + `latchkey/axios`, everything': `export * from '../dist/index.js'; export * from '../dist/axios.js'`,
  '`latchkey` + `latchkey/axios`, `createSession` and `withSession`': `export { createSession } from '../dist/index.js'; export { withSession } from '../dist/axios.js'`,
  '`latchkey` + `latchkey/fetch`, everything': `export * from '../dist/index.js'; export { withSession, authErrorOf } from '../dist/fetch.js'`,
  'axios-auth-refresh': `export * from 'axios-auth-refresh'`,
  'axios-auth-refresh-queue': `export * from 'axios-auth-refresh-queue'`,
  'axios-jwt': `export * from 'axios-jwt'`,
  '@supabase/auth-js, `AuthClient`': `export { AuthClient } from '@supabase/auth-js'`,
  'oidc-client-ts, `UserManager` and its store': `export { UserManager, WebStorageStateStore } from 'oidc-client-ts'`,
  'alova, fetch and both token authentications': `export { createAlova } from 'alova'; export { createClientTokenAuthentication, createServerTokenAuthentication } from 'alova/client'; export { default as adapterFetch } from 'alova/fetch'`,
  ky: `export { default } from 'ky'`,
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
  for (const [name, code] of Object.entries(imports)) {
    rows.push([name, await byEsbuild(code), await byRollup(code)])
  }
  const alone = await byEsbuild(latchkey)
  for (const name of ['react', 'vue', 'angular']) {
    const together = await byEsbuild(`${latchkey}; export * as binding from '../dist/${name}.js'`)
    rows.push([`\`latchkey/${name}\`, added to \`latchkey\``, together - alone, ''])
  }
  const bytes = (/** @type {number} */ row) => String(rows[row]?.[1])
  const summary = [
    { figure: 'Size of `latchkey` + `latchkey/axios`, bytes', target: '≤ 5,500', ours: bytes(0), best: '' },
    { figure: 'of `latchkey` + `latchkey/fetch`', target: '≤ 5,000', ours: bytes(2), best: '' },
  ]
  const table = tableOf(['Bytes, minified and gzipped', 'esbuild', 'rollup + terser'], rows)
  return { tables: [table, await measureSizeByPart()], summary }
}

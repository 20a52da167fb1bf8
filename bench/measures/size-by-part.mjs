import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import { tableOf } from '../table.mjs'

const root = fileURLToPath(new URL('../..', import.meta.url))
const whole = `export * from './src/index.ts'; export { withSession } from './src/axios.ts'`
const core = `export { assembleSession } from './src/core/session.ts'`
const coreAndAxios = `${core}
  export { memoryStore } from './src/core/token-store.ts'
  export { createRequestGuard } from './src/http/request-guard.ts'
  export { withSession } from './src/axios.ts'`

/** What could be left out of a build, or loaded when it is needed, by the modules that it is made of. */
const parts = {
  'the lock where there are no Web Locks': /lease-lock/,
  'web storage, and falling back to it': /web-storage-store|fallback-store/,
  'both, and sign-out call, silent start, warnings of odd tokens':
    /lease-lock|web-storage-store|fallback-store|sign-out-call|silent-start|token-warnings/,
  'the call of the refresh endpoint, and judging its reply':
    /refresh-call|refresh-reply|refresh-request|response-text|sign-in-reply|reply-reading/,
  'all of src/browser: stores, locks, tabs, signals':
    /web-lock|lease-lock|holder-watch|tab-channel|database|(indexed-db|web-storage|fallback)-store|page-signals|store-by-name|browser-environment/,
  'jwt-decode': /jwt-decode/,
}

/** @param {string} contents @param {RegExp} [without] */
async function bytesOf(contents, without) {
  /** @type {import('esbuild').Plugin} */
  const leaveOut = {
    name: 'leave out',
    setup({ onResolve }) {
      onResolve({ filter: /^/ }, ({ path, kind }) =>
        kind !== 'entry-point' && without?.test(path) ? { path, external: true } : undefined,
      )
    },
  }
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: root, loader: 'ts' },
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    external: ['axios'],
    plugins: [leaveOut],
    write: false,
  })
  return gzipSync(outputFiles[0]?.text ?? '', { level: 9 }).byteLength
}

/** What the parts of `latchkey` with `latchkey/axios` take, each by what is saved without it. */
export async function measureSizeByPart() {
  const full = await bytesOf(whole)
  const rows = [['all', full, '']]
  for (const [name, modules] of Object.entries(parts)) {
    const without = await bytesOf(whole, modules)
    rows.push([`without ${name}`, without, without - full])
  }
  for (const [name, contents] of /** @type {const} */ ([
    ['core, request guard and axios alone', coreAndAxios],
    ['core alone: tokens, refresh, state', core],
  ])) {
    const bytes = await bytesOf(contents)
    rows.push([name, bytes, bytes - full])
  }
  return tableOf(['`latchkey` + `latchkey/axios` by part, esbuild', 'bytes', 'less'], rows)
}

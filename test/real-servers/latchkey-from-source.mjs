import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'esbuild'

const root = resolve(import.meta.dirname, '../..')

/** What the stories use of the library, and how it reads a reply where an endpoint has no way of its own. */
const entry = `
export * from './src/index.ts'
export { withSession } from './src/fetch.ts'
export * as servers from './src/servers.ts'
export { findTokens } from './src/http/refresh-reply.ts'
`

/**
 * The library as it stands, without a build.
 *
 * @returns {Promise<typeof import('../../src/index.js') & {
 *   withSession: typeof import('../../src/fetch.js').withSession
 *   servers: typeof import('../../src/servers.js')
 *   findTokens: typeof import('../../src/http/refresh-reply.js').findTokens
 * }>}
 */
export async function latchkeyFromSource() {
  const outfile = join(mkdtempSync(join(tmpdir(), 'latchkey-source-')), 'latchkey.mjs')
  await build({
    stdin: { contents: entry, resolveDir: root, loader: 'ts' },
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    logLevel: 'error',
  })
  return import(pathToFileURL(outfile).href)
}

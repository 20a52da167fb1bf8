import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { build } from 'esbuild'
import { describe, expect, test } from 'vitest'
import { builds, createConsumer } from './consumer.js'

/** Nothing else in the package makes a proof. */
const isOfDpop = (text: string): boolean => text.includes('dpop+jwt')

/** What a page loads at first of an app that a bundler has split, and what it may ask for later. */
async function load(code: string, condition: string): Promise<{ first: string[]; later: string[] }> {
  const consumer = createConsumer()
  const { outputFiles, metafile } = await build({
    stdin: { contents: code, resolveDir: consumer },
    absWorkingDir: consumer,
    preserveSymlinks: true,
    conditions: ['module', condition],
    bundle: true,
    minify: true,
    splitting: true,
    format: 'esm',
    outdir: join(consumer, 'out'),
    write: false as const,
    metafile: true as const,
    logLevel: 'silent',
  })
  const textOf = (path: string): string =>
    outputFiles.find((file) => file.path === join(consumer, path))?.text ?? ''
  const first = new Set(
    Object.keys(metafile.outputs).filter((path) => metafile.outputs[path]?.entryPoint === '<stdin>'),
  )
  const later = new Set<string>()
  for (const path of first) {
    for (const { kind, path: next } of metafile.outputs[path]?.imports ?? []) {
      if (kind === 'dynamic-import') later.add(next)
      else first.add(next)
    }
  }
  return { first: [...first].map(textOf), later: [...later].map(textOf) }
}

describe.each(builds)('the $build build', ({ build, flags }) => {
  test('an app with oauth2 loads the code of DPoP when it is first needed, and not before', async () => {
    const { first, later } = await load(`export { oauth2 } from 'latchkey/servers'`, build)
    expect(first.length).toBeGreaterThan(0)
    expect(first.filter(isOfDpop)).toEqual([])
    expect(later.map(isOfDpop)).toEqual([true])
  })

  test.each([
    `export { simpleJwt, cookie, headerPair } from 'latchkey/servers'`,
    `export * from 'latchkey'; export { withSession } from 'latchkey/fetch'`,
  ])('an app without it never loads it: %s', async (code) => {
    const { first, later } = await load(code, build)
    expect(first.join('').length).toBeGreaterThan(1000)
    expect(first.filter(isOfDpop)).toEqual([])
    expect(later).toEqual([])
  })

  test('a require of latchkey/servers in Node does not load it either', () => {
    const oauth2 = `require('latchkey/servers').oauth2({ url: 'https://as.test/token', clientId: 'spa', dpop: true })`
    const loaded = `Object.keys(require.cache).filter((path) => path.includes('dpop'))`
    const { stdout, stderr } = spawnSync(
      process.execPath,
      [...flags, '-e', `${oauth2}; console.log(${loaded})`],
      { cwd: createConsumer(), encoding: 'utf8', timeout: 30_000 },
    )
    expect({ stdout: stdout.trim(), stderr }).toEqual({ stdout: '[]', stderr: '' })
  })
})

import { readFileSync } from 'node:fs'
import { posix } from 'node:path'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import { expect, test } from 'vitest'
import { createConsumer } from './consumer.js'

/** The README quotes this. */
const gzipLimitInBytes = 18_000

const manifest = JSON.parse(readFileSync('package.json', 'utf8'))
const peers = Object.keys(manifest.peerDependencies)
const paths = Object.keys(manifest.exports).filter((path) => !path.endsWith('.json'))

interface Bundle {
  text: string
  packages: string[]
}

const gzipped = (text: string): number => gzipSync(text, { level: 9 }).byteLength

async function bundle(code: string, external: string[] = []): Promise<Bundle> {
  const consumer = createConsumer()
  const { outputFiles, metafile } = await build({
    stdin: { contents: code, resolveDir: consumer },
    absWorkingDir: consumer,
    preserveSymlinks: true,
    external,
    bundle: true,
    minify: true,
    format: 'esm',
    write: false as const,
    metafile: true as const,
    logLevel: 'silent',
  })
  const modules = Object.keys(metafile.inputs).filter((input) => input !== '<stdin>')
  const packages = modules.map((module) => /^node_modules\/([^/]+)\//.exec(module)?.[1] ?? module)
  return { text: outputFiles[0]?.text ?? '', packages: [...new Set(packages)].sort() }
}

test('latchkey brings jwt-decode along, no axios and no framework', async () => {
  const { packages } = await bundle(`export * from 'latchkey'`)
  expect(packages).toEqual(['jwt-decode', 'latchkey'])
})

test('latchkey/axios leaves axios to the application', async () => {
  const { text, packages } = await bundle(`export * from 'latchkey/axios'`, ['axios'])
  expect(text).toContain('withSession')
  expect(packages.filter((name) => name !== 'jwt-decode')).toEqual(['latchkey'])
})

test.each(paths)('an import of %s that is not used costs nothing', async (path) => {
  const { text } = await bundle(`import '${posix.join('latchkey', path)}'`, peers)
  expect(text).toBe('')
})

test('the README quotes the limit of size', () => {
  expect(readFileSync('README.md', 'utf8')).toContain(`at most ${gzipLimitInBytes / 1000} kB`)
  expect(readFileSync('README.ko.md', 'utf8')).toContain(`최대 ${gzipLimitInBytes / 1000} kB`)
})

test.each(['axios', 'fetch'])(
  `latchkey and latchkey/%s take at most ${gzipLimitInBytes} bytes, jwt-decode included`,
  async (client) => {
    const { text } = await bundle(
      `export * from 'latchkey'
       export { withSession } from 'latchkey/${client}'`,
      ['axios'],
    )
    expect(text).toContain('withSession')
    expect(gzipped(text)).toBeLessThanOrEqual(gzipLimitInBytes)
  },
)

test.each(['react', 'vue'])(
  'latchkey/%s takes at most 500 bytes, and leaves its framework outside',
  async (name) => {
    const { text, packages } = await bundle(`export * from 'latchkey/${name}'`, peers)
    expect(text).toContain('useSession')
    expect(packages).toEqual(['latchkey'])
    expect(gzipped(text)).toBeLessThanOrEqual(500)
  },
)

test('latchkey/angular, which is an HTTP client too, adds at most 1600 bytes to latchkey', async () => {
  const own = `export * from 'latchkey'`
  const without = await bundle(own, peers)
  const together = await bundle(`${own}; export * from 'latchkey/angular'`, peers)
  expect(together.text).toContain('sessionInterceptor')
  expect(together.packages).toEqual(['jwt-decode', 'latchkey'])
  expect(gzipped(together.text) - gzipped(without.text)).toBeLessThanOrEqual(1600)
})

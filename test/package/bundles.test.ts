import { readFileSync } from 'node:fs'
import { posix } from 'node:path'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import { describe, expect, test } from 'vitest'
import { builds, createConsumer } from './consumer.js'

/** What most apps import, by the client they send with. The README quotes the limit of axios. */
const baseLimits = { axios: 17_000, fetch: 16_100 }

const baseWith = (client: string): string => `
  export { createSession } from 'latchkey'
  export { headerPair } from 'latchkey/servers'
  export { withSession } from 'latchkey/${client}'`

/** What one more import may add to the base with axios. */
const addedLimits: Record<string, Record<string, number>> = {
  latchkey: { webStorageStore: 500, keepFresh: 250, memoryStore: 50, shouldRetry: 100 },
  'latchkey/servers': {
    accessTokenHeader: 50,
    aspnetIdentity: 420,
    aspnetPair: 500,
    bearerRefresh: 250,
    cognito: 700,
    cookie: 900,
    directus: 400,
    fastapi: 500,
    fastapiJwtAuth: 400,
    firebase: 500,
    flaskJwtExtended: 350,
    ginJwt: 300,
    ginJwtV3: 500,
    jsonPair: 350,
    jsonRefresh: 350,
    laravelJwt: 400,
    nestBearer: 300,
    // With DPoP in it, which an app that is split into files loads when it needs it.
    oauth2: 2400,
    railsJwtSessions: 300,
    simpleJwt: 400,
    springAuthorizationRefresh: 250,
    springReissue: 550,
    strapi: 450,
    supabase: 550,
    tokensAt: 250,
    tokensInHeaders: 100,
    xRefreshToken: 100,
  },
  'latchkey/service-worker': { guardFetch: 1600, toServiceWorker: 350 },
  'latchkey/react': { '*': 100 },
  'latchkey/vue': { '*': 300 },
  'latchkey/angular': { '*': 1100 },
}

const manifest = JSON.parse(readFileSync('package.json', 'utf8'))
const peers = Object.keys(manifest.peerDependencies)
const paths = Object.keys(manifest.exports).filter((path) => !path.endsWith('.json'))

interface Bundle {
  text: string
  packages: string[]
  exports: string[]
}

/** What an app's bundler makes of the code, axios and the frameworks left outside. */
async function bundle(code: string, condition = 'production', external = peers): Promise<Bundle> {
  const consumer = createConsumer()
  const { outputFiles, metafile } = await build({
    stdin: { contents: code, resolveDir: consumer },
    absWorkingDir: consumer,
    preserveSymlinks: true,
    conditions: ['module', condition],
    external,
    bundle: true,
    minify: true,
    format: 'esm',
    outfile: 'app.js',
    write: false as const,
    metafile: true as const,
    logLevel: 'silent',
  })
  const modules = Object.keys(metafile.inputs).filter((input) => input !== '<stdin>')
  const packages = modules.map((module) => /^node_modules\/([^/]+)\//.exec(module)?.[1] ?? module)
  return {
    text: outputFiles[0]?.text ?? '',
    packages: [...new Set(packages)].sort(),
    exports: metafile.outputs['app.js']?.exports ?? [],
  }
}

const gzipped = ({ text }: Bundle): number => gzipSync(text, { level: 9 }).byteLength

describe.each(builds)('the $build build', ({ build }) => {
  test('latchkey brings jwt-decode along, no axios and no framework', async () => {
    const { packages } = await bundle(`export * from 'latchkey'`, build, [])
    expect(packages).toEqual(['jwt-decode', 'latchkey'])
  })

  test.each(['axios', 'react', 'vue', 'angular'])(
    'latchkey/%s leaves what it is named after to the application',
    async (name) => {
      const { exports, packages } = await bundle(`export * from 'latchkey/${name}'`, build)
      expect(exports).not.toEqual([])
      expect(packages.filter((one) => one !== 'jwt-decode')).toEqual(['latchkey'])
    },
  )

  test.each(paths)('an import of %s that is not used costs nothing', async (path) => {
    const { text } = await bundle(`import '${posix.join('latchkey', path)}'`, build)
    expect(text).toBe('')
  })
})

test('the README quotes the limit of size', () => {
  expect(readFileSync('README.md', 'utf8')).toContain(`at most ${baseLimits.axios / 1000} kB`)
  expect(readFileSync('README.ko.md', 'utf8')).toContain(`최대 ${baseLimits.axios / 1000} kB`)
})

test.each(Object.entries(baseLimits))(
  'createSession and headerPair, with withSession of latchkey/%s, take at most %i bytes, jwt-decode included',
  async (client, limit) => {
    const base = await bundle(baseWith(client))
    expect(base.exports.sort()).toEqual(['createSession', 'headerPair', 'withSession'])
    const bytes = gzipped(base)
    expect(bytes, `${bytes} bytes with latchkey/${client}, of ${limit}`).toBeLessThanOrEqual(limit)
  },
)

test('every export of latchkey/servers has its limit of size', async () => {
  const { exports } = await bundle(`export * from 'latchkey/servers'`)
  expect(exports.length).toBeGreaterThan(10)
  const inBase = 'headerPair'
  expect(Object.keys({ [inBase]: 0, ...addedLimits['latchkey/servers'] }).sort()).toEqual(exports.sort())
})

const added = Object.entries(addedLimits).flatMap(([path, limits]) =>
  Object.entries(limits).map(([name, limit]) => [name, path, limit] as const),
)
test.each(added)('%s of %s adds at most %i bytes', async (name, path, limit) => {
  const base = await bundle(baseWith('axios'))
  const more = await bundle(
    `${baseWith('axios')}; export ${name === '*' ? '*' : `{ ${name} }`} from '${path}'`,
  )
  expect(more.exports.length).toBeGreaterThan(base.exports.length)
  const bytes = gzipped(more) - gzipped(base)
  expect(bytes, `${bytes} bytes for ${name} of ${path}, of ${limit}`).toBeLessThanOrEqual(limit)
})

test('all of latchkey/service-worker takes at most 2500 bytes in a worker, beside createSession and headerPair', async () => {
  const core = `export { createSession } from 'latchkey'; export { headerPair } from 'latchkey/servers'`
  const bytes =
    gzipped(await bundle(`${core}; export * from 'latchkey/service-worker'`)) - gzipped(await bundle(core))
  expect(bytes, `${bytes} bytes`).toBeLessThanOrEqual(2500)
})

// What a request costs over bare axios, in CPU time: `npm run bench`.
// The adapter does nothing and the token is valid, so that nothing is measured but the way to the wire and back.
import { readFileSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import axios, { VERSION } from 'axios'
import { compare } from './compare.mjs'

/** @type {typeof import('../src/index.js')} */
const { createSession } = await import(String(new URL('../dist/index.js', import.meta.url)))
/** @type {typeof import('../src/axios.js')} */
const { withSession } = await import(String(new URL('../dist/axios.js', import.meta.url)))

const origin = 'https://api.example.com'
const accessToken = [{ alg: 'HS256', typ: 'JWT' }, { sub: 'ada', roles: ['reader'] }, 'signature'.repeat(5)]
  .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
  .join('.')

/** @type {import('axios').AxiosAdapter} */
const adapter = async (config) => ({ data: '', status: 200, statusText: 'OK', headers: {}, config })
const createInstance = (baseURL = `${origin}/v1`) => axios.create({ baseURL, adapter })

/** What is usually written by hand: neither a check of the origin, nor a copy of the config. */
function withSnippet(instance = createInstance()) {
  instance.interceptors.request.use((config) => {
    config.headers.Authorization = `Bearer ${accessToken}`
    return config
  })
  instance.interceptors.response.use(
    (response) => response,
    (error) => Promise.reject(error),
  )
  return instance
}

const session = createSession({ refresh: `${origin}/auth/refresh`, store: 'memory' })
await session.setTokens({ accessToken, refreshToken: 'refresh', expiresIn: 86_400 })
// Only now, for the session is to find no browser here; from now on relative URLs have something to be relative to.
Object.assign(globalThis, { document: { baseURI: `${origin}/app/` } })

const bare = createInstance()
const hand = withSnippet()
const absolute = withSession(createInstance(), session)
const relative = withSession(createInstance('/v1'), session)

const rows = await compare({
  baseline: () => bare.get('/me'),
  contenders: {
    'bare axios, against itself': () => bare.get('/me'),
    'request and response interceptor by hand': () => hand.get('/me'),
    'Latchkey, absolute `baseURL`': () => absolute.get('/me'),
    'Latchkey, relative `baseURL`': () => relative.get('/me'),
    'Latchkey, skipped by `latchkey: false`': () => absolute.get('/me', { latchkey: false }),
  },
  rounds: 61,
  callsPerTurn: 2000,
  seed: 1,
})

const table = [
  '| request | median ratio | quartiles |',
  '| --- | --- | --- |',
  ...rows.map(
    ({ name, lower, median, upper }) =>
      `| ${name} | ${median.toFixed(2)} | ${lower.toFixed(2)} to ${upper.toFixed(2)} |`,
  ),
].join('\n')
console.log(table)

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
writeFileSync(
  new URL('results.md', import.meta.url),
  `# CPU time per request, over bare axios

Made by \`npm run bench\`: Node ${process.version}, ${cpus()[0]?.model.trim()}, latchkey ${version}, axios ${VERSION}.

${table}

The adapter does nothing, the token is valid. Each turn of 2000 requests is paired with one of bare axios right before or
after it, in random order; the ratio is that of the process's CPU time. The first row is the method's own error.
`,
)
session.dispose()

// Runs by itself, for a polluted `Object.prototype` would break a test runner. Prints one line of JSON: what was sent and
// what came of it, with each option name polluted in turn, before and after construction, and once without.
import axios, { type AxiosAdapter } from 'axios'
import './freeze.js'
import { withSession } from '../../../src/axios.js'
import { createSession, type RefreshEndpoint, type RefreshFunction } from '../../../src/index.js'

const api = 'https://api.example.com'
const evil = 'https://evil.com'

const pollution: Record<string, unknown> = {
  refresh: evil,
  store: { read: () => null, write() {} },
  name: 'evil',
  allowedOrigins: [evil],
  refreshTimeoutMs: 1,
  refreshAheadMs: 1e9,
  autoRefresh: 'while-visible',
  isExpired: () => true,
  debug: (line: string) => transcript.push(['debug', line]),
  url: evil,
  method: 'DELETE',
  send: 'json',
  names: { accessToken: 'X-Evil', refreshToken: 'X-Evil' },
  fields: { evil: 'evil' },
  timing: 'before-expiry',
  parse: () => ({ accessToken: 'evil' }),
  classify: () => 'ended',
  accessToken: 'evil',
  refreshToken: 'evil',
  expiresIn: 1,
  latchkey: false,
  attach: false,
  signal: AbortSignal.abort('evil'),
  minValidityMs: 1e12,
  headers: { 'X-Evil': 'evil' },
  body: 'evil',
}

let transcript: unknown[][] = []

/** As a browser reads the dictionary: inherited members count. */
globalThis.fetch = async (url, init) => {
  const { method, headers, body, credentials, redirect, cache } = init as RequestInit
  transcript.push(['refresh', url, method, [...(headers as Headers)], body, credentials, redirect, cache])
  const reply = Object.create(null)
  reply.status = 200
  reply.headers = new Headers()
  reply.text = async () => '{"accessToken":"a2","token_type":"Bearer"}'
  return reply
}

const adapter: AxiosAdapter = async (config) => {
  const authorization = config.headers.get('Authorization')
  transcript.push(['request', axios.getUri(config), authorization])
  const status = authorization === 'Bearer a1' || String(config.url).endsWith('/closed') ? 401 : 200
  return { status, statusText: '', data: '', headers: {}, config }
}

const shapes: Record<string, string | RefreshEndpoint | RefreshFunction> = {
  url: `${api}/refresh`,
  headers: { url: `${api}/refresh` },
  json: { url: `${api}/refresh`, send: 'json' },
  form: { url: `${api}/refresh`, send: 'form', fields: { client_id: 'spa' } },
  cookie: { url: `${api}/refresh`, send: 'cookie', signOut: `${api}/sign-out` },
  own: { url: `${api}/refresh`, send: () => ({}) },
  function: async ({ tokens }) => {
    transcript.push(['function', Object.entries(tokens)])
    return { accessToken: 'a2' }
  },
}

const lasting = { accessToken: 'a3', refreshToken: 'r3', expiresIn: 900 }

async function outcomeOf(call: Promise<unknown>): Promise<void> {
  await call.then(
    (value) => transcript.push(['resolved', (value as { status?: number } | null)?.status ?? value]),
    (error) => transcript.push(['rejected', error?.code ?? String(error)]),
  )
}

async function play(
  shape: string | RefreshEndpoint | RefreshFunction,
  constructed: () => void,
): Promise<void> {
  const session = createSession({ refresh: shape })
  const client = withSession(axios.create({ baseURL: `${api}/v1`, adapter, validateStatus: null }), session)
  constructed()
  session.on(({ type }) => transcript.push(['event', type]))
  for (const tokens of [{ accessToken: 'a1', refreshToken: 'r1' }, { accessToken: 'a1' }, lasting]) {
    await outcomeOf(session.setTokens(tokens))
    await outcomeOf(client.get('/open'))
    await outcomeOf(client.get('/closed', { latchkey: {} }))
    await outcomeOf(client.get(`${evil}/open`))
    await outcomeOf(session.getAccessToken())
    await outcomeOf(session.getAccessToken({}))
    await outcomeOf(session.refresh())
    await outcomeOf(session.refresh({}))
    const { status, expiresAt } = session.state as { status: string; expiresAt?: number | null }
    transcript.push(['state', status, expiresAt && Math.round((expiresAt - Date.now()) / 60_000)])
    await outcomeOf(session.signOut())
  }
  session.dispose()
}

async function transcriptOf(names: string[], when: 'before' | 'after'): Promise<string[]> {
  transcript = []
  const pollute = (): void => {
    for (const name of names) {
      const value = pollution[name]
      Object.defineProperty(Object.prototype, name, { configurable: true, writable: true, value })
    }
  }
  for (const shape of Object.values(shapes)) {
    if (when === 'before') pollute()
    await play(shape, when === 'after' ? pollute : () => {})
    for (const name of names) Reflect.deleteProperty(Object.prototype, name)
  }
  return transcript.map((entry) => JSON.stringify(entry))
}

const runs: Record<string, string[]> = Object.create(null)
runs.clean = await transcriptOf([], 'before')
if (process.argv[2] === 'polluted') {
  for (const name of Object.keys(pollution)) {
    for (const when of ['before', 'after'] as const)
      runs[`${name} ${when}`] = await transcriptOf([name], when)
  }
}
process.stdout.write(JSON.stringify({ isFrozen: Object.isFrozen(Object.prototype), runs }))

// Runs by itself, for a polluted `Object.prototype` would break a test runner. Prints one line of JSON: what was sent and
// what came of it, with each option name polluted in turn, before and after construction, and once without.
import axios, { type AxiosAdapter } from 'axios'
import './freeze.js'
import { withSession } from '../../../src/axios.js'
import { createSession, type RefreshEndpoint, type RefreshFunction } from '../../../src/index.js'
import * as servers from '../../../src/servers.js'

const api = 'https://api.example.com'
const evil = 'https://evil.com'

const pollution: Record<string, unknown> = {
  refresh: evil,
  store: { read: () => null, write() {} },
  name: 'evil',
  allowedOrigins: [evil],
  refreshTimeoutMs: 1,
  refreshAheadMs: 1e9,
  isExpired: () => true,
  debug: (line: string) => transcript.push(['debug', line]),
  url: evil,
  method: 'DELETE',
  send: () => ({ headers: { 'X-Evil': 'evil' } }),
  names: { accessToken: 'X-Evil', refreshToken: 'X-Evil' },
  fields: { evil: 'evil' },
  timing: 'before-expiry',
  parse: () => ({ accessToken: 'evil' }),
  classify: () => 'ended',
  onReply: () => 'again',
  signOut: evil,
  authorize: () => ({ 'X-Evil': 'evil' }),
  silentStart: true,
  credentials: 'include',
  fetch: (_: string, init: RequestInit) => globalThis.fetch(evil, init),
  clientId: 'evil',
  dpop: true,
  csrf: { header: 'X-Evil', from: () => 'evil' },
  apiKey: 'evil',
  tokensOnAnyReply: true,
  endedCodes: ['undefined'],
  expiredCodes: ['undefined'],
  expiresInMs: 'evil',
  accessToken: 'evil',
  refreshToken: 'evil',
  expiresIn: 1,
  latchkey: false,
  attach: false,
  signal: AbortSignal.abort('evil'),
  minValidityMs: 1e12,
  headers: { 'X-Evil': 'evil' },
  body: 'evil',
  query: { evil: 'evil' },
}

/** Options of single protocols are polluted all at once: each run takes its time. */
const ofProtocols = [
  'clientId',
  'dpop',
  'csrf',
  'apiKey',
  'tokensOnAnyReply',
  'endedCodes',
  'expiredCodes',
  'expiresInMs',
]
const pollutedTogether = [
  ...Object.keys(pollution)
    .filter((name) => !ofProtocols.includes(name))
    .map((name) => [name]),
  ofProtocols,
]

let transcript: unknown[][] = []

/** As a browser reads the dictionary: inherited members count. */
globalThis.fetch = async (url, init) => {
  const { method, headers, body, credentials, redirect, cache } = init as RequestInit
  transcript.push(['refresh', url, method, [...(headers as Headers)], body, credentials, redirect, cache])
  const reply = Object.create(null)
  reply.ok = true
  reply.status = 200
  reply.headers = new Headers()
  reply.text = async () => '{"accessToken":"a2","access_token":"a2","token_type":"Bearer"}'
  return reply
}

const adapter: AxiosAdapter = async (config) => {
  const authorization = config.headers.get('Authorization')
  transcript.push(['request', axios.getUri(config), authorization])
  const status = authorization === 'Bearer a1' || String(config.url).endsWith('/closed') ? 401 : 200
  return { status, statusText: '', data: '', headers: {}, config }
}

const own = { url: `${api}/refresh`, signOut: `${api}/sign-out` }
const names = { accessToken: 'accessToken' }
const headers = { 'X-App': 'spa' }

const shapes: Record<string, () => RefreshEndpoint | RefreshFunction> = {
  headers: () => servers.headerPair(own),
  namedHeaders: () => servers.headerPair({ ...own, names: { refreshToken: 'X-Refresh' }, headers }),
  json: () => servers.jsonRefresh({ ...own, names, headers, fields: { app: 'spa' } }),
  pair: () => servers.jsonPair(own),
  form: () => servers.oauth2({ ...own, clientId: 'spa' }),
  cookie: () => servers.cookie({ ...own, silentStart: false }),
  laravel: () => servers.laravelJwt(own),
  spring: () => servers.springReissue(own),
  supabase: () => servers.supabase({ url: own.url, signOut: { url: own.signOut, send: () => ({}) } }),
  own: () => ({ url: own.url, send: () => ({}) }),
  function:
    () =>
    async ({ tokens }) => {
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
  refresh: () => RefreshEndpoint | RefreshFunction,
  constructed: () => void,
): Promise<void> {
  const session = createSession({ refresh: refresh() })
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
  for (const names of pollutedTogether) {
    for (const when of ['before', 'after'] as const)
      runs[`${names} ${when}`] = await transcriptOf(names, when)
  }
}
process.stdout.write(JSON.stringify({ isFrozen: Object.isFrozen(Object.prototype), runs }))

// @vitest-environment-options { "url": "https://app.example.com/p/" }
import axios from 'axios'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { withSession } from '../../src/axios.js'
import {
  createSession,
  memoryStore,
  type RefreshFunction,
  type Session,
  type SessionOptions,
  type TokenSet,
  webStorageStore,
} from '../../src/index.js'
import { cookie, headerPair, jsonRefresh, oauth2 } from '../../src/servers.js'
import { elapse } from '../support/elapse.js'
import { json, refreshUrl, signedInStage } from './support/stage.js'
import { tokenKinds } from './support/token-kinds.js'

function problemOf(options: unknown): string {
  try {
    createSession(options as SessionOptions).dispose()
  } catch (error) {
    expect(error).toBeInstanceOf(TypeError)
    return (error as TypeError).message
  }
  return 'none'
}

test.each([undefined, null, 5, 'https://api.example.com'])('C1: %j is no object of options', (options) => {
  expect(problemOf(options)).toBe('createSession takes an object of options')
})

const asBareUrl = [refreshUrl, '', new URL(refreshUrl)]

test.each([{}, [], { refresh: undefined }, { refresh: null }, ...asBareUrl.map((refresh) => ({ refresh }))])(
  'C1: %j says that refresh is wanted, and names the functions that make it',
  (options) => {
    const problem = problemOf(options)
    expect(problem).toContain('refresh takes')
    for (const name of ['headerPair', 'jsonRefresh', 'jsonPair', 'bearerRefresh', 'cookie', 'oauth2']) {
      expect(problem).toContain(name)
    }
  },
)

test.each<unknown[]>([
  ['*'],
  ['https://*.example.com'],
  ['example.com'],
  ['https://a.com/path'],
  ['https://a.com/'],
  ['HTTPS://A.COM'],
  ['https://user@a.com'],
  ['null'],
  [''],
  [null],
  [5],
  ['file://'],
  ['blob:https://a.com'],
])('C2: %j is no exact origin', (origin) => {
  const problem = problemOf({ refresh: headerPair({ url: refreshUrl }), allowedOrigins: [origin] })
  expect(problem).toContain('allowedOrigins takes exact https origins')
})

// Decided otherwise than in C2: an empty list says that there are no others, which is what it looks like.
test('C2: an empty list of further origins is one', () => {
  expect(problemOf({ refresh: headerPair({ url: refreshUrl }), allowedOrigins: [] })).toBe('none')
})

test('C3: plain http is refused', () => {
  expect(problemOf({ refresh: headerPair({ url: refreshUrl }), allowedOrigins: ['http://a.com'] })).toContain(
    'allowedOrigins',
  )
  expect(
    problemOf({ refresh: headerPair({ url: refreshUrl }), allowedOrigins: ['http://localhost.evil.com'] }),
  ).toContain('allowed')
  expect(
    problemOf({ refresh: headerPair({ url: refreshUrl }), allowedOrigins: ['http://[::ffff:127.0.0.1]'] }),
  ).toContain('allowed')
})

// Decided otherwise than in C3 and C4: there is no flag to set. Plain http is good for this machine, for a page that is
// itself served so, and off a page, where the network is the operator's.
test.each(['http://localhost:8080', 'http://127.0.0.1', 'http://127.1.2.3', 'http://[::1]:3000'])(
  'C3, C4: %s is this machine',
  (origin) => {
    expect(problemOf({ refresh: headerPair({ url: `${origin}/refresh` }), allowedOrigins: [origin] })).toBe(
      'none',
    )
  },
)

const notUrls = [
  'http://api.example.com/refresh',
  'https://user:pw@api.example.com/refresh',
  'https://user@api.example.com/refresh',
  'javascript:alert(1)',
  'data:,x',
  'https://api.example.com/refresh#x',
  '/refresh#x',
  '//api.example.com/refresh',
  '/\\api.example.com/refresh',
  '\\\\api.example.com',
  '/\t/api.example.com',
  'https://',
  'https://a:99999/',
]

test.each(notUrls)('C4: %j is no refresh URL, and no URL to sign out at', (url) => {
  expect(problemOf({ refresh: { url, send: () => null } })).toContain('refresh: url takes')
  expect(problemOf({ refresh: headerPair({ url }) })).toContain('refresh: url takes')
  for (const signOut of [url, { url }]) {
    expect(() => headerPair({ url: refreshUrl, signOut })).toThrow(
      /headerPair: signOut takes a path, or an https URL/,
    )
  }
})

test.each([undefined, null, '', 5, {}, { href: refreshUrl }, [refreshUrl]])(
  'C4: an endpoint with the URL %j is none',
  (url) => {
    expect(problemOf({ refresh: { url, send: () => null } })).toContain('refresh: url takes')
    expect(problemOf({ refresh: headerPair({ url: url as never }) })).toContain('refresh: url takes')
  },
)

test.each([null, '', 5, {}, { href: refreshUrl }, [refreshUrl], { url: undefined }, { url: 5 }])(
  'C4: %j is nowhere to sign out at',
  (signOut) => {
    expect(() => headerPair({ url: refreshUrl, signOut: signOut as never })).toThrow(
      /^headerPair: signOut takes /,
    )
  },
)

test.each([{ method: 'PUT' }, { method: 'post' }, { send: 'json' }, { names: {} }])(
  'C4: an endpoint to sign out at has no %j',
  (more) => {
    expect(() => headerPair({ url: refreshUrl, signOut: { url: '/logout', ...more } as never })).toThrow(
      /^headerPair: signOut takes /,
    )
  },
)

test('C5: a refresh endpoint of another origin is called, and gets no request of the API', async () => {
  const stage = await signedInStage({
    options: { refresh: headerPair({ url: 'https://auth.example.com/refresh' }) },
  })
  stage.current = 2
  stage.renew = () => json({ accessToken: stage.kind.access(2) })
  await elapse(stage.api.get('/me'))
  await elapse(stage.api.get('https://auth.example.com/me', { validateStatus: null }))
  expect(stage.refreshes.map(({ url }) => url)).toEqual(['https://auth.example.com/refresh'])
  expect(stage.sent.at(-1)).toMatchObject({ url: 'https://auth.example.com/me', authorization: null })
})

test('C6: a client secret is refused, with the reason', () => {
  const fields = { client_secret: 's' }
  const reason = 'a browser cannot keep a secret'
  expect(() => oauth2({ url: refreshUrl, clientId: 'spa', fields })).toThrow(reason)
  expect(() => jsonRefresh({ url: refreshUrl, fields })).toThrow(reason)
  expect(() => jsonRefresh({ url: refreshUrl, clientSecret: 's' } as never)).toThrow(
    'no option "clientSecret"',
  )
  const endpoint = { ...headerPair({ url: refreshUrl }), clientSecret: 's' }
  expect(problemOf({ refresh: endpoint })).toContain('no option "clientSecret"')
  expect(problemOf({ refresh: headerPair({ url: refreshUrl }), clientSecret: 's' })).toContain(
    'no option "clientSecret"',
  )
})

test.each([0, -1, Number.NaN, Infinity, '10s', '10', null])(
  'C7: %s is no time to wait',
  (refreshTimeoutMs) => {
    expect(problemOf({ refresh: headerPair({ url: refreshUrl }), refreshTimeoutMs })).toContain(
      'refreshTimeoutMs takes',
    )
  },
)

test.each([-1, Number.NaN, Infinity, '30'])('C8: %s is no margin', (refreshAheadMs) => {
  expect(problemOf({ refresh: headerPair({ url: refreshUrl }), refreshAheadMs })).toContain(
    'refreshAheadMs takes',
  )
})

test('C8: a margin longer than the life of the token does not make a loop', async () => {
  const stage = await signedInStage({
    options: { refresh: { ...headerPair({ url: refreshUrl }), timing: 'any' }, refreshAheadMs: 3_600_000 },
    tokens: { expiresIn: 60 },
  })
  stage.renew = () => json({ accessToken: stage.kind.access(1), expires_in: 60 })
  for (let second = 0; second < 60; second++) {
    await elapse(stage.api.get('/me'))
    await vi.advanceTimersByTimeAsync(1000)
  }
  expect(stage.refreshes.length).toBeGreaterThan(0)
  expect(stage.refreshes.length).toBeLessThanOrEqual(2)
})

test.each(['allowedOrigin', 'refreshUrl', 'storage', 'Refresh', '__proto__', 'constructor', 'toString'])(
  'C9: the option %s is not known, and those that are are named',
  (name) => {
    const refresh = headerPair({ url: refreshUrl })
    const options = Object.defineProperty({ refresh }, name, { value: 'x', enumerable: true })
    expect(problemOf(options)).toMatch(
      new RegExp(`no option "${name}"; it has refresh, store, name, allowedOrigins`),
    )
    const session = createSession({ refresh, store: memoryStore() })
    onTestFinished(session.dispose)
    const own = Object.defineProperty({}, name, { value: 'x', enumerable: true })
    expect(() => withSession(axios.create(), session, own)).toThrow(/it has allowedOrigins/)
  },
)

// C10, options on a polluted prototype, is in pollution.test.ts.

test('C11: options that are changed after construction have no effect', async () => {
  const url = new URL(refreshUrl)
  const names = { refreshToken: 'X-Refresh' }
  const headers = { 'X-Client': 'spa' }
  const endpoint = headerPair({ url, names, headers })
  const options = { refresh: endpoint, allowedOrigins: [] as string[] }
  const stage = await signedInStage({ options })
  url.host = 'evil.com'
  names.refreshToken = 'X-Evil'
  headers['X-Client'] = 'evil'
  Object.assign(endpoint, { url: 'https://evil.com', send: () => ({ body: 'evil' }) })
  options.allowedOrigins.push('https://evil.com')
  await elapse(stage.session.refresh())
  await elapse(stage.api.get('https://evil.com/me', { validateStatus: null }))
  const [refresh] = stage.refreshes
  expect(refresh?.url).toBe(refreshUrl)
  expect(refresh?.headers.get('X-Refresh')).toBe(stage.kind.refresh(1))
  expect(refresh?.headers.get('X-Client')).toBe('spa')
  expect(refresh?.init.body).toBeUndefined()
  expect(stage.sent.map(({ authorization }) => authorization)).toEqual([null])
})

test('C11: options of a protocol that are changed after its call have no effect', () => {
  const names = { accessToken: 'jwt', refreshToken: 'ticket' }
  const fields = { app: 'spa' }
  const headers = { 'X-Client': 'spa' }
  const options = { url: refreshUrl, names, fields, headers }
  const { send } = jsonRefresh(options)
  names.refreshToken = fields.app = headers['X-Client'] = 'evil'
  expect(send({ accessToken: 'access', refreshToken: 'refresh' })).toEqual({
    headers: { 'Content-Type': 'application/json', 'X-Client': 'spa' },
    body: '{"app":"spa","ticket":"refresh"}',
  })
})

const notHeaderNames = ['Cookie', 'cookie', '', 'X\r\n', ' ', 'a b', 'a:b', 'ä', 5, null]

test.each(notHeaderNames)('C12: %j is no name of a header', (name) => {
  for (const token of ['accessToken', 'refreshToken']) {
    const names = { [token]: name } as never
    expect(() => headerPair({ url: refreshUrl, names })).toThrow(/^headerPair: names takes/)
  }
  const headers = { [String(name)]: 'x' }
  if (typeof name === 'string') {
    expect(() => headerPair({ url: refreshUrl, headers })).toThrow(/^headerPair: headers takes/)
    expect(() => jsonRefresh({ url: refreshUrl, headers })).toThrow(/^jsonRefresh: headers takes/)
    expect(() => cookie({ url: refreshUrl, headers })).toThrow(/^cookie: headers takes/)
  }
  const csrf = { header: name as string, from: 'csrf' }
  expect(() => cookie({ url: refreshUrl, csrf })).toThrow(/^cookie: csrf takes/)
})

test.each(['', 5, null])('C12: %j is no name of a field', (name) => {
  for (const token of ['accessToken', 'refreshToken']) {
    const names = { [token]: name } as never
    expect(() => jsonRefresh({ url: refreshUrl, names })).toThrow(/^jsonRefresh: names takes/)
  }
})

test.each([5, null, undefined, {}, 'a\r\nX-Evil: 1'])('C12: %j is no value of a header', (value) => {
  const headers = { 'X-App': value } as never
  expect(() => headerPair({ url: refreshUrl, headers })).toThrow(/^headerPair: headers takes/)
})

test.each([5, null, undefined, {}])('C12: %j is no value of a field', (value) => {
  const fields = { app: value } as never
  expect(() => jsonRefresh({ url: refreshUrl, fields })).toThrow(/^jsonRefresh: fields takes/)
  expect(() => oauth2({ url: refreshUrl, clientId: 'spa', fields })).toThrow(/^oauth2: fields takes/)
})

test('C12: a Cookie header that an own send makes is refused, and nothing is sent', async () => {
  const send = () => ({ headers: { cookie: 'refresh=1' } })
  const stage = await signedInStage({ options: { refresh: { url: refreshUrl, send } } })
  await expect(elapse(stage.session.refresh())).rejects.toMatchObject({ code: 'REFRESH_REFUSED' })
  expect(stage.refreshes).toEqual([])
  expect(stage.session.state.status).toBe('signed-in')
})

test('C12: no constant takes the place of a token', () => {
  const tokens = { accessToken: 'access', refreshToken: 'refresh' }
  const pair = headerPair({ url: refreshUrl, headers: { authorization: 'evil', REFRESH: 'evil' } })
  expect(pair.send(tokens)?.headers).toEqual({ Authorization: 'Bearer access', Refresh: 'refresh' })
  const json = jsonRefresh({ url: refreshUrl, fields: { refreshToken: 'evil' } })
  expect(json.send(tokens)?.body).toBe('{"refreshToken":"refresh"}')
  for (const name of ['grant_type', 'client_id', 'refresh_token']) {
    const fields = { [name]: 'evil' }
    expect(() => oauth2({ url: refreshUrl, clientId: 'spa', fields })).toThrow(/^oauth2: fields takes/)
  }
})

test.each([
  { accessToken: 'Refresh' },
  { refreshToken: 'authorization' },
  { accessToken: 'X-Token', refreshToken: 'x-token' },
])('C12: the names %j would send one token in the place of the other', (names) => {
  expect(() => headerPair({ url: refreshUrl, names })).toThrow(/^headerPair: names takes/)
})

// C13, a browser's store on a server, is in server.test.ts.

test('C14: an instance that is given twice carries one token and refreshes once', async () => {
  const stage = await signedInStage()
  expect(withSession(stage.api, stage.session)).toBe(stage.api)
  stage.answer = () => ({ status: 401 })
  await elapse(stage.api.get('/me', { validateStatus: null }))
  expect(stage.sent).toHaveLength(2)
  expect(stage.refreshes).toHaveLength(1)
})

test('C14: an instance that is given to two sessions is served by one of them', async () => {
  const stage = await signedInStage()
  const other = createSession({ refresh: headerPair({ url: refreshUrl }), store: memoryStore() })
  onTestFinished(other.dispose)
  await other.setTokens({ accessToken: 'other', refreshToken: 'other' })
  withSession(stage.api, other)
  stage.answer = () => ({ status: 401 })
  await elapse(stage.api.get('/me', { validateStatus: null }))
  expect(stage.refreshes).toHaveLength(1)
  expect(new Set(stage.sent.map(({ authorization }) => authorization)).size).toBeLessThanOrEqual(2)
})

describe('C15: a refresh function', () => {
  const functions: [claim: string, refresh: () => unknown, code: string][] = [
    ['that gives nothing', async () => undefined, 'REFRESH_FAILED'],
    ['that gives no promise', () => ({ token: 'x' }), 'REFRESH_FAILED'],
    ['that gives no object', async () => 'x', 'REFRESH_FAILED'],
    [
      'that throws at once',
      () => {
        throw new Error('no')
      },
      'REFRESH_FAILED',
    ],
    ['that rejects with nothing', () => Promise.reject(), 'REFRESH_FAILED'],
    ['that rejects with null', () => Promise.reject(null), 'REFRESH_FAILED'],
    ['that rejects with a symbol', () => Promise.reject(Symbol('no')), 'REFRESH_FAILED'],
    ['that never settles', () => new Promise(() => {}), 'REFRESH_TIMEOUT'],
  ]
  const cases = tokenKinds.flatMap((kind) => functions.map((row) => [...row, kind.name, kind] as const))
  test.each(cases)('%s keeps the session, and nobody waits for ever', async (_, refresh, code, __, kind) => {
    const stage = await signedInStage({ kind, options: { refresh: refresh as RefreshFunction } })
    stage.answer = () => ({ status: 401 })
    const calls = Array.from({ length: 5 }, () => stage.api.get('/me').catch((error) => error))
    const errors = await elapse(Promise.all(calls))
    expect(errors.map(({ cause }) => cause.code)).toEqual(Array(5).fill(code))
    // The refresh is still under way: a caller waits for it, and then gets the token in hand.
    expect(await elapse(stage.session.getAccessToken())).toBe(kind.access(1))
  })

  test('that gives no promise but tokens is taken', async () => {
    const refresh = (() => ({ accessToken: 'next' })) as never as RefreshFunction
    const stage = await signedInStage({ options: { refresh } })
    await expect(elapse(stage.session.refresh())).resolves.toBe('next')
  })
})

test('C16: a refresh function that uses the guarded instance does not wait for itself', async () => {
  const guarded = { post: async (): Promise<{ data: TokenSet }> => ({ data: { accessToken: '' } }) }
  const refresh: RefreshFunction = async () => (await guarded.post()).data
  const stage = await signedInStage({ options: { refresh } })
  guarded.post = () => stage.api.post('/auth/refresh')
  stage.answer = ({ url, authorization }) =>
    url.endsWith('/refresh')
      ? { status: 200, data: { accessToken: 'next' } }
      : { status: authorization === 'Bearer next' ? 200 : 401 }
  const response = await elapse(stage.api.get('/me'))
  expect(response.status).toBe(200)
  expect(stage.events).toContainEqual(expect.objectContaining({ code: 'REFRESH_THROUGH_CLIENT' }))
})

describe('C17: a listener', () => {
  type Listener = (session: Session) => unknown
  const listeners: [string, Listener][] = [
    [
      'that throws',
      () => {
        throw new Error('no')
      },
    ],
    ['that rejects', () => Promise.reject(new Error('no'))],
    ['that signs out', (session) => session.signOut()],
    ['that signs in', (session) => session.setTokens({ accessToken: 'again' })],
    ['that asks for a token', (session) => session.getAccessToken()],
    ['that refreshes', (session) => session.refresh().catch(() => {})],
    ['that disposes of the session', (session) => session.dispose()],
  ]
  test.each(listeners)('%s when the session ends harms nobody, and is called once', async (_, react) => {
    const stage = await signedInStage()
    let ends = 0
    stage.session.on(({ type }) => {
      if (type !== 'expired') return
      ends++
      return react(stage.session)
    })
    stage.renew = () => json({}, { status: 401 })
    stage.answer = () => ({ status: 401 })
    const calls = Array.from({ length: 5 }, () => stage.api.get('/me', { validateStatus: null }))
    const replies = await elapse(Promise.all(calls))
    expect(replies.map(({ status }) => status)).toEqual(Array(5).fill(401))
    expect(ends).toBe(1)
    expect(stage.refreshes).toHaveLength(1)
  })

  test('that sends a request when the session ends gets an answer', async () => {
    const stage = await signedInStage()
    const statuses: number[] = []
    stage.session.on(({ type }) => {
      if (type === 'expired') stage.api.get('/public').then(({ status }) => statuses.push(status))
    })
    stage.renew = () => json({}, { status: 401 })
    stage.answer = ({ url }) => ({ status: url.endsWith('/public') ? 200 : 401 })
    await elapse(stage.api.get('/me', { validateStatus: null }))
    await vi.advanceTimersByTimeAsync(100)
    expect(statuses).toEqual([200])
  })
})

test.each(['-lock', '', ' ', '\u0000', '💥', '__proto__', 'a/b:c', 'x'.repeat(1000)])(
  'C18: the name %j does no harm, or is refused',
  async (name) => {
    if (name === '')
      return expect(problemOf({ refresh: headerPair({ url: refreshUrl }), name })).toContain('name takes')
    const requested: string[] = []
    const locks = {
      request: (lock: string, _: object, work: () => unknown) => {
        requested.push(lock)
        return Promise.resolve(work())
      },
    }
    Object.defineProperty(navigator, 'locks', { configurable: true, value: locks })
    onTestFinished(() => void Reflect.deleteProperty(navigator, 'locks'))
    const stage = await signedInStage({ options: { name, store: webStorageStore('local') } })
    await elapse(stage.session.refresh())
    expect(await stage.session.getAccessToken()).toBe(stage.kind.access(2))
    // A name that begins with a hyphen is not for pages to lock (Web Locks API, "request()").
    expect(requested).toEqual([`latchkey:${name}`])
    expect(localStorage.getItem(name)).toContain(stage.kind.access(2))
  },
)

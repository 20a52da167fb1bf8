import { afterEach, describe, expect, test, vi } from 'vitest'
import { createSession, memoryStore, type SessionOptions, webStorageStore } from '../../../src/index.js'
import { headerPair, jsonRefresh, oauth2 } from '../../../src/servers.js'
import { openSession } from '../../support/guarded-api.js'

afterEach(() => vi.unstubAllGlobals())

const url = '/auth/refresh'
const refresh = headerPair({ url })

function problemOf(options: unknown): string {
  try {
    createSession(options as SessionOptions).dispose()
  } catch (error) {
    expect(error).toBeInstanceOf(TypeError)
    return (error as TypeError).message
  }
  throw new Error('these options were taken')
}

test.each([undefined, null, '/auth/refresh', 5])('%j is no object of options', (options) => {
  expect(problemOf(options)).toBe('createSession takes an object of options')
})

describe('an option that cannot be meant is named, with what it takes', () => {
  test.each([
    ['refresh', undefined, 'the protocol of your server'],
    ['refresh', '', 'the protocol of your server'],
    ['refresh', null, 'the protocol of your server'],
    ['refresh', 5, 'the protocol of your server'],
    ['store', 'local', "a store, such as memoryStore() or webStorageStore('local')"],
    ['store', { read() {} }, "a store, such as memoryStore() or webStorageStore('local')"],
    ['store', null, 'or a function that makes one'],
    ['name', '', 'a string that is not empty'],
    ['name', 5, 'a string that is not empty'],
    ['allowedOrigins', 'https://api.example.com', 'a list of origins'],
    ['allowedOrigins', ['https://api.example.com/'], 'exact https origins such as'],
    ['allowedOrigins', ['https://api.example.com/v1'], 'exact https origins such as'],
    ['allowedOrigins', ['http://api.example.com'], 'exact https origins such as'],
    ['allowedOrigins', ['*'], 'exact https origins such as'],
    ['allowedOrigins', [5], 'exact https origins such as'],
    ['refreshTimeoutMs', 0, 'a number of milliseconds, 1 or more'],
    ['refreshTimeoutMs', '10000', 'a number of milliseconds, 1 or more'],
    ['refreshTimeoutMs', Infinity, 'a number of milliseconds, 1 or more'],
    ['refreshTimeoutMs', Number.NaN, 'a number of milliseconds, 1 or more'],
    ['refreshAheadMs', -1, 'a number of milliseconds, 0 or more'],
    ['isExpired', 401, 'a function'],
    ['debug', 'yes', 'true, false or a function'],
  ])('%s: %j', (name, value, takes) => {
    const problem = problemOf({ refresh, [name]: value })
    expect(problem).toContain(name)
    expect(problem).toContain(takes)
  })
})

describe('an option that there is not is named, with those that there are', () => {
  test.each(['sotre', 'refreshURL', 'Refresh', 'timeout', 'autoRefresh', 'toString', '__proto__'])(
    '%s',
    (name) => {
      const options = Object.defineProperty({ refresh }, name, { value: 'memory', enumerable: true })
      expect(problemOf(options)).toBe(
        `createSession has no option "${name}"; it has refresh, store, name, allowedOrigins, refreshTimeoutMs, ` +
          'refreshAheadMs, isExpired, handOver, debug',
      )
    },
  )
})

test.each([url, 'https://api.example.com/auth/refresh', new URL('https://api.example.com/auth/refresh')])(
  'a URL such as %s says nothing of the protocol, and is answered with the functions that do',
  (address) => {
    const problem = problemOf({ refresh: address })
    for (const name of ['headerPair', 'jsonRefresh', 'jsonPair', 'bearerRefresh', 'cookie', 'oauth2']) {
      expect(problem).toContain(name)
    }
    expect(problem).toContain('latchkey/servers')
    expect(problem).toContain('headerPair({ url })')
  },
)

describe('a refresh endpoint that cannot be meant', () => {
  const send = () => ({})
  test.each<[string, object, string]>([
    ['no url', { send }, 'url takes'],
    ['a url that is undefined', { send, url: undefined }, 'url takes'],
    ['a url that is null', { send, url: null }, 'url takes'],
    ['an empty url', { send, url: '' }, 'url takes'],
    ['plain http elsewhere', { send, url: 'http://auth.example.com/refresh' }, 'https'],
    ['another scheme', { send, url: 'javascript:alert(1)' }, 'url takes'],
    ['a user in the url', { send, url: 'https://me:secret@auth.example.com/refresh' }, 'without a user'],
    ['a fragment', { send, url: 'https://auth.example.com/refresh#x' }, 'and a fragment'],
    ['a host without a scheme', { send, url: '//auth.example.com/refresh' }, 'url takes'],
    ['the same with a back-slash', { send, url: '/\\auth.example.com/refresh' }, 'url takes'],
    ['a method that is not offered', { send, url, method: 'PUT' }, "'POST' or 'GET'"],
    ['no send', { url }, 'send takes a function'],
    ['a send that is undefined', { url, send: undefined }, 'send takes a function'],
    ['a send by name', { url, send: 'json' }, 'send takes a function'],
    ['credentials that are not offered', { send, url, credentials: 'all' }, "'include' or 'same-origin'"],
    [
      'a timing that is not offered',
      { send, url, timing: 'late' },
      "'any' or 'before-expiry' or 'after-expiry'",
    ],
    ['a parse that is no function', { send, url, parse: {} }, 'parse takes a function'],
    ['a classify that is no function', { send, url, classify: 'retry' }, 'classify takes a function'],
    ['an isExpired that is no function', { send, url, isExpired: 401 }, 'isExpired takes a function'],
    ['an onReply that is no function', { send, url, onReply: {} }, 'onReply takes a function'],
    ['an authorize that is no function', { send, url, authorize: 'Bearer' }, 'authorize takes a function'],
    ['a signOut that is a URL', { send, url, signOut: '/auth/logout' }, 'signOut takes a function'],
    ['a fetch that is no function', { send, url, fetch: true }, 'fetch takes a function'],
    ['a silentStart that is a word', { send, url, silentStart: 'yes' }, 'silentStart takes true or false'],
    ['names, which the protocols take', { send, url, names: {} }, 'refresh has no option "names"'],
    ['a misspelt option', { send, url, methd: 'GET' }, 'refresh has no option "methd"'],
  ])('%s', (_, endpoint, takes) => {
    expect(problemOf({ refresh: endpoint })).toContain(takes)
  })
})

test.each([
  ['at a path', refresh],
  ['at a full URL', headerPair({ url: 'https://auth.example.com/refresh' })],
  ['at a URL object', headerPair({ url: new URL('https://auth.example.com/refresh') })],
  ['on this machine', headerPair({ url: 'http://localhost:8080/refresh' })],
  ['at the origin of a page with http', headerPair({ url: 'http://app.test/auth/refresh' })],
  ['of a protocol', oauth2({ url, clientId: 'spa' })],
  ['of a protocol, with more spread over it', { ...jsonRefresh({ url }), timing: 'before-expiry' }],
  ['of the app', { url, send: () => null }],
  ['that is a function', async () => ({ accessToken: 'a' })],
] satisfies [string, SessionOptions['refresh']][])('refresh may be one %s', async (_, source) => {
  const session = openSession({ refresh: source })
  await session.ready
  expect(session.state.status).toBe('signed-out')
})

test('an option that is undefined counts as absent', async () => {
  const session = openSession({ name: undefined, debug: undefined, refreshAheadMs: undefined } as never)
  await session.ready
  expect(session.state.status).toBe('signed-out')
})

test('a function in store makes a store for the name of the session', async () => {
  const make = vi.fn((_name: string) => memoryStore())
  openSession({ store: make })
  openSession({ store: make, name: 'shop' })
  expect(make.mock.calls).toEqual([['latchkey'], ['shop']])
})

test('a bad option opens nothing', () => {
  const channel = vi.fn()
  vi.stubGlobal('BroadcastChannel', channel)
  problemOf({ refresh, allowedOrigins: ['nonsense'] })
  problemOf({ refresh: { ...refresh, url: '//elsewhere' } })
  expect(channel).not.toHaveBeenCalled()
})

test.each<[string, (name: string) => unknown, string]>([
  ['a word', () => 'local', 'the function in store must return an object with read() and write()'],
  [
    'half a store',
    () => ({ read() {} }),
    'the function in store must return an object with read() and write()',
  ],
  [
    'a promise',
    async () => memoryStore(),
    'the function in store must return an object with read() and write()',
  ],
  ['an error, as webStorageStore does for a name', webStorageStore as never, "'local' or 'session'"],
])('a function in store that gives %s is refused, and opens nothing', (_, store, problem) => {
  const channel = vi.fn()
  vi.stubGlobal('BroadcastChannel', channel)
  expect(problemOf({ refresh, store })).toContain(problem)
  expect(channel).not.toHaveBeenCalled()
})

test('a polluted Object.prototype sets no option', () => {
  const pollution = { debug: 'yes', store: 'cookie' }
  Object.assign(Object.prototype, pollution)
  try {
    createSession({ refresh }).dispose()
  } finally {
    for (const name of Object.keys(pollution)) Reflect.deleteProperty(Object.prototype, name)
  }
  expect('debug' in {}).toBe(false)
})

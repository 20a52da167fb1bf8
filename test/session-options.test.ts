import { describe, expect, test, vi } from 'vitest'
import { createSession, type SessionOptions } from '../src/index.js'
import { openSession } from './support/guarded-api.js'

const refresh = '/auth/refresh'

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
    ['refresh', undefined, 'where new tokens come from'],
    ['refresh', '', 'where new tokens come from'],
    ['refresh', null, 'where new tokens come from'],
    ['refresh', 5, 'where new tokens come from'],
    ['store', 'cookie', "'indexeddb', 'local', 'session', 'memory' or an object with read() and write()"],
    [
      'store',
      { read() {} },
      "'indexeddb', 'local', 'session', 'memory' or an object with read() and write()",
    ],
    ['store', null, 'an object with read() and write()'],
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
    ['autoRefresh', true, "'on-demand' or 'while-visible'"],
    ['isExpired', 401, 'a function'],
    ['debug', 'yes', 'true, false or a function'],
  ])('%s: %j', (name, value, takes) => {
    const problem = problemOf({ refresh, [name]: value })
    expect(problem).toContain(name)
    expect(problem).toContain(takes)
  })
})

describe('an option that there is not is named, with those that there are', () => {
  test.each(['sotre', 'refreshURL', 'Refresh', 'timeout', 'toString', '__proto__'])('%s', (name) => {
    const options = Object.defineProperty({ refresh }, name, { value: 'memory', enumerable: true })
    expect(problemOf(options)).toBe(
      `createSession has no option "${name}"; it has refresh, store, name, allowedOrigins, refreshTimeoutMs, ` +
        'refreshAheadMs, autoRefresh, isExpired, debug',
    )
  })
})

describe('a refresh endpoint that cannot be meant', () => {
  test.each([
    ['no url', {}, 'url'],
    ['a url that is undefined', { url: undefined }, 'url'],
    ['a url that is null', { url: null }, 'url'],
    ['an empty url', { url: '' }, 'url'],
    ['plain http elsewhere', { url: 'http://auth.example.com/refresh' }, 'https'],
    ['another scheme', { url: 'javascript:alert(1)' }, 'url'],
    ['a user in the url', { url: 'https://me:secret@auth.example.com/refresh' }, 'no user'],
    ['a fragment', { url: 'https://auth.example.com/refresh#x' }, 'no fragment'],
    ['a host without a scheme', { url: '//auth.example.com/refresh' }, 'url'],
    ['the same with a back-slash', { url: '/\\auth.example.com/refresh' }, 'url'],
    ['a method that is not offered', { url: refresh, method: 'PUT' }, "'POST' or 'GET'"],
    [
      'a way to send that is not offered',
      { url: refresh, send: 'xml' },
      "'headers', 'json', 'form', 'cookie' or a function",
    ],
    ['names that are no object', { url: refresh, names: 'access' }, 'names'],
    ['a client_secret', { url: refresh, fields: { client_secret: 'x' } }, 'no client_secret'],
    [
      'a timing that is not offered',
      { url: refresh, timing: 'late' },
      "'any' or 'before-expiry' or 'after-expiry'",
    ],
    ['a parse that is no function', { url: refresh, parse: {} }, 'parse takes a function'],
    ['a classify that is no function', { url: refresh, classify: 'retry' }, 'classify takes a function'],
    ['a misspelt option', { url: refresh, methd: 'GET' }, 'refresh has no option "methd"'],
  ])('%s', (_, endpoint, takes) => {
    expect(problemOf({ refresh: endpoint })).toContain(takes)
  })
})

test.each([
  ['a path', refresh],
  ['a full URL', 'https://auth.example.com/refresh'],
  ['a URL object', new URL('https://auth.example.com/refresh')],
  ['this machine', 'http://localhost:8080/refresh'],
  ['the origin of a page with http', 'http://app.test/auth/refresh'],
  ['an endpoint', { url: refresh, send: 'form', fields: { client_id: 'spa' } }],
  ['a function', async () => ({ accessToken: 'a' })],
] satisfies [string, SessionOptions['refresh']][])('refresh may be %s', async (_, source) => {
  const session = openSession({ refresh: source })
  await session.ready
  expect(session.state.status).toBe('signed-out')
})

test('an option that is undefined counts as absent', async () => {
  const session = openSession({ name: undefined, debug: undefined, refreshAheadMs: undefined } as never)
  await session.ready
  expect(session.state.status).toBe('signed-out')
})

test('a bad option opens nothing', () => {
  const channel = vi.fn()
  vi.stubGlobal('BroadcastChannel', channel)
  problemOf({ refresh, allowedOrigins: ['nonsense'] })
  problemOf({ refresh: { url: '//elsewhere' } })
  expect(channel).not.toHaveBeenCalled()
  vi.unstubAllGlobals()
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

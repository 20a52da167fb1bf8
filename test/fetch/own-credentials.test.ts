import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { authErrorOf, withSession } from '../../src/fetch.js'
import { authorizationOf, useBackend } from '../support/backend.js'
import { openSession } from '../support/guarded-api.js'
import { apiUrl, guardFetch, platformFetch, signIn } from '../support/guarded-fetch.js'
import { holding } from '../support/holding.js'

const backend = useBackend()
beforeEach(() => vi.useFakeTimers({ toFake: ['Date'] }))
afterEach(() => vi.useRealTimers())

const url = `${apiUrl}/me`
const authorization = { Authorization: 'Bearer of-its-own' }

/** As openapi-fetch does with what `Request` does not know. */
const requestSaying = (latchkey: RequestInit['latchkey']): Request =>
  Object.assign(new Request(url), { latchkey })

const own: [name: string, call: () => [RequestInfo, RequestInit?], sent: string | null][] = [
  ['an Authorization among plain headers', () => [url, { headers: authorization }], 'Bearer of-its-own'],
  ['one in lower case', () => [url, { headers: { authorization: 'Digest x' } }], 'Digest x'],
  ['one that is empty', () => [url, { headers: { Authorization: '' } }], ''],
  ['one in Headers', () => [url, { headers: new Headers(authorization) }], 'Bearer of-its-own'],
  [
    'one among pairs',
    () => [url, { headers: [['AUTHORIZATION', 'Bearer of-its-own']] }],
    'Bearer of-its-own',
  ],
  ['one in its Request', () => [new Request(url, { headers: authorization })], 'Bearer of-its-own'],
  ['a token in its query', () => [`${url}?access_token=of-its-own`], null],
  ['a token further on in its query', () => [new Request(`${url}?page=1&access_token=of-its-own`)], null],
  ['latchkey: false', () => [url, { latchkey: false }], null],
  ['latchkey: { attach: false }', () => [url, { latchkey: { attach: false } }], null],
  ['latchkey: false on its Request', () => [requestSaying(false)], null],
]

describe.each(own)('a request with %s', (_, call, sent) => {
  test('is sent as it is, and its 401 is its own', async () => {
    const { session, api } = await signIn()
    backend.accepted.clear()
    const response = await api(...call())
    expect(response.status).toBe(401)
    expect(authErrorOf(response)).toBeUndefined()
    expect(backend.calls.map(authorizationOf)).toEqual([sent])
    expect(backend.refreshes).toHaveLength(0)
    expect(session.state.status).toBe('signed-in')
  })

  test('waits neither for the store nor for a refresh', async () => {
    backend.answer = () => new Response(null, { status: 204 })
    const loading = guardFetch(openSession({ store: { read: () => new Promise(() => {}), write: () => {} } }))
    expect((await loading(...call())).status).toBe(204)

    const { api, get } = await signIn({}, { expiresIn: 15 })
    vi.setSystemTime(Date.now() + 15_000)
    const refresh = holding(backend.renew)
    backend.renew = refresh.respond
    const held = get('/held')
    await refresh.arrived
    expect((await api(...call())).status).toBe(204)
    refresh.release()
    await held
  })
})

test("an init's own word counts for more than that of its Request", async () => {
  const { api } = await signIn()
  await api(requestSaying(false), { latchkey: {} })
  expect(backend.calls.map(authorizationOf)).toEqual(['Bearer access-1'])
})

test('headers of an init that drop the Authorization of a Request leave room for the token', async () => {
  const { api } = await signIn()
  await api(new Request(url, { headers: authorization }), { headers: {} })
  expect(backend.calls.map(authorizationOf)).toEqual(['Bearer access-1'])
})

test('fetch itself does not get the option latchkey', async () => {
  const session = openSession()
  await session.setTokens({ accessToken: 'access-1' })
  const sent = vi.fn(async () => new Response())
  const api = withSession(sent, session)
  await api(url, { latchkey: { refresh: false }, cache: 'no-store' })
  await api(url, { latchkey: false, cache: 'no-store' })
  await api('https://elsewhere.test/', { latchkey: { refresh: false }, cache: 'no-store' })
  for (const [, init] of sent.mock.calls as unknown as [string, object][]) {
    expect(init).toMatchObject({ cache: 'no-store' })
    expect(init).not.toHaveProperty('latchkey')
  }
})

describe('latchkey: { refresh: false }', () => {
  const init = { latchkey: { refresh: false } }

  test('carries the token, and its 401 is its own', async () => {
    const { api } = await signIn()
    backend.accepted.clear()
    const response = await api(url, init)
    expect(response.status).toBe(401)
    expect(authErrorOf(response)).toBeUndefined()
    expect(backend.calls.map(authorizationOf)).toEqual(['Bearer access-1'])
    expect(backend.refreshes).toHaveLength(0)
  })

  test('goes out at once with a token that is known to have expired', async () => {
    const { api } = await signIn({}, { expiresIn: 15 })
    vi.setSystemTime(Date.now() + 15_000)
    await api(url, init)
    expect(backend.calls.map(authorizationOf)).toEqual(['Bearer access-1'])
    expect(backend.refreshes).toHaveLength(0)
  })
})

test('an option on a polluted Object.prototype is not heeded', async () => {
  const { api } = await signIn()
  const prototype = Object.prototype as { latchkey?: false }
  prototype.latchkey = false
  try {
    await api(url)
    await api(url, {})
  } finally {
    delete prototype.latchkey
  }
  expect(backend.calls.map(authorizationOf)).toEqual(['Bearer access-1', 'Bearer access-1'])
})

test('the fetch that was wrapped has no part in the session', async () => {
  await signIn()
  await platformFetch(url)
  expect(backend.calls.map(authorizationOf)).toEqual([null])
})

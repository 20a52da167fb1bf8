import { afterEach, describe, expect, test, vi } from 'vitest'
import { readRefreshMethod } from '../../src/http/refresh-method.js'
import type { RefreshEndpoint, RefreshFunction } from '../../src/index.js'
import { bearerRefresh, cookie, headerPair, jsonRefresh, oauth2, tokensInHeaders } from '../../src/servers.js'

const tokens = {
  version: 1,
  session: 'one',
  generation: 1,
  accessToken: 'access-1',
  refreshToken: 'refresh-1',
  receivedAt: 1,
  expiresAt: null,
} as const
const { refreshToken: _, ...withoutRefreshToken } = tokens
const { signal } = new AbortController()
const url = 'https://api.test/refresh'

afterEach(() => vi.restoreAllMocks())

const methodOf = (more: Partial<RefreshEndpoint> = {}) =>
  readRefreshMethod({ ...headerPair({ url }), ...more })

test.each<[claim: string, refresh: unknown]>([
  ['a URL', '/auth/refresh'],
  ['a URL object', new URL(url)],
  ['nothing', undefined],
  ['null', null],
])('%s is refused, and the error names what is taken', (_, refresh) => {
  const read = (): unknown => readRefreshMethod(refresh as never)
  expect(read).toThrow(TypeError)
  expect(read).toThrow(/headerPair.*latchkey\/servers/)
})

test('an endpoint that is not complete is refused, and the error names what is missing', () => {
  expect(() => methodOf({ send: undefined } as never)).toThrow(/send takes a function/)
  expect(() => methodOf({ url: undefined } as never)).toThrow(/url takes/)
  expect(() => methodOf({ headers: {} } as never)).toThrow(/no option "headers"/)
})

test('an async `send` is a mistake of the set-up, and costs no session', async () => {
  const send = (async () => {
    throw new Error('mine')
  }) as unknown as () => { headers: Record<string, string> }
  const { callRefresh, canRefresh } = methodOf({ send })
  expect(canRefresh(tokens)).toBe(true)
  expect(await callRefresh(tokens, signal)).toMatchObject({ kind: 'misconfigured' })
})

test('a GET with a body is a mistake of the set-up, because it has none', async () => {
  const { callRefresh } = methodOf({ method: 'GET', send: () => ({ body: '{}' }) })
  expect(await callRefresh(tokens, signal)).toMatchObject({ kind: 'misconfigured' })
})

describe('a refresh can be tried', () => {
  test.each<[string, RefreshEndpoint, boolean]>([
    ['in headers', headerPair({ url }), false],
    ['in JSON', jsonRefresh({ url }), false],
    ['as Bearer', bearerRefresh({ url }), false],
    ['in a form', oauth2({ url, clientId: 'spa' }), false],
    ['by a cookie', cookie({ url }), true],
    ['by a send that makes a request', { url, send: () => ({}) }, true],
    ['by a send that makes none', { url, send: ({ refreshToken }) => (refreshToken ? {} : null) }, false],
  ])('%s, without a refresh token: %s', (_, endpoint, isPossible) => {
    const { canRefresh } = readRefreshMethod(endpoint)
    expect(canRefresh(withoutRefreshToken)).toBe(isPossible)
    expect(canRefresh(tokens)).toBe(true)
  })

  test('by a send that throws: the refresh itself says what is wrong', () => {
    const send = (): never => {
      throw new Error('mine')
    }
    expect(methodOf({ send }).canRefresh(tokens)).toBe(true)
  })

  test('without a refresh token by the function of the app, which may do as it likes', () => {
    const method = readRefreshMethod(async () => ({ accessToken: 'a' }))
    expect(method.canRefresh(withoutRefreshToken)).toBe(true)
    expect(method.timing).toBe('any')
    expect(method.readSignIn({ access_token: 'A' })).toEqual({ accessToken: 'A' })
    expect(method.refreshUrl).toBeUndefined()
  })
})

test.each<[string, RefreshEndpoint, string]>([
  ['headerPair', headerPair({ url }), 'after-expiry'],
  ['jsonRefresh', jsonRefresh({ url }), 'any'],
  ['oauth2', oauth2({ url, clientId: 'spa' }), 'any'],
  ['cookie', cookie({ url }), 'any'],
  ['an endpoint that sets it', { ...headerPair({ url }), timing: 'before-expiry' }, 'before-expiry'],
])('the timing of %s is that of the method', (_, endpoint, timing) => {
  expect(readRefreshMethod(endpoint).timing).toBe(timing)
})

test('a relative URL leads to where the page is at the start, whatever comes later', async () => {
  const baseURI = vi.spyOn(Node.prototype, 'baseURI', 'get').mockReturnValue('http://app.test/start/')
  const method = methodOf({ url: 'refresh' })
  baseURI.mockReturnValue('http://app.test/elsewhere/')
  expect(method.refreshUrl).toBe('http://app.test/start/refresh')
  const call = vi.spyOn(globalThis, 'fetch').mockResolvedValue(new Response())
  await method.callRefresh(tokens, signal)
  expect(call.mock.calls[0]?.[0]).toBe('http://app.test/start/refresh')
})

test('a method has the hooks of its endpoint, and those alone', () => {
  const hooks = {
    isExpired: () => false,
    onReply: () => null,
    signOut: async () => {},
    authorize: () => ({}),
    silentStart: true,
  }
  expect(methodOf(hooks)).toMatchObject(hooks)
  for (const name of Object.keys(hooks)) expect(methodOf()[name as keyof typeof hooks]).toBeUndefined()
})

test('an endpoint may have a URL object, and no call of the app is its own', () => {
  const method = methodOf({ url: new URL(url) })
  expect(method.refreshUrl).toBe(url)
  expect(method.isOwnCall).toBeUndefined()
})

test('the calls of a function are known by their signal', async () => {
  let seen: unknown
  const refresh: RefreshFunction = async ({ signal }) => {
    seen = method.isOwnCall?.(signal)
    return { accessToken: 'access-2' }
  }
  const method = readRefreshMethod(refresh)
  expect(await method.callRefresh(tokens, signal)).toMatchObject({ kind: 'refreshed' })
  expect(seen).toBe(true)
})

test('a sign-in reply is read by the parse of the endpoint', () => {
  const headers = new Headers({ 'X-Access': 'access-1', 'X-Refresh': 'refresh-1' })
  const names = { accessToken: 'X-Access', refreshToken: 'X-Refresh' }
  for (const endpoint of [
    headerPair({ url, names }),
    { ...headerPair({ url }), parse: tokensInHeaders(names) },
  ]) {
    expect(readRefreshMethod(endpoint).readSignIn({ status: 200, headers, data: '' })).toMatchObject({
      accessToken: 'access-1',
      refreshToken: 'refresh-1',
    })
  }
})

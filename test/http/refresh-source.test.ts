import { describe, expect, test } from 'vitest'
import type { RefreshEndpoint } from '../../src/http/refresh-endpoint.js'
import { resolveRefresh } from '../../src/http/refresh-source.js'

const tokens = {
  version: 1,
  session: 'one',
  generation: 1,
  accessToken: 'access-1',
  refreshToken: 'refresh-1',
  receivedAt: 1,
  expiresAt: null,
} as const

const nowhere = () => undefined

test('a relative URL where there is no page has no address, and its refresh says that it cannot be made', async () => {
  const { url, renew } = resolveRefresh('/auth/refresh', nowhere, () => {})
  expect(url).toBeUndefined()
  expect(await renew(tokens, new AbortController().signal)).toMatchObject({
    kind: 'misconfigured',
    error: { code: 'REFRESH_REFUSED' },
  })
})

test('an async `send` is told as a mistake of the set-up, and costs no session', async () => {
  const send = (async () => {
    throw new Error('mine')
  }) as unknown as () => { headers: Record<string, string> }
  const { renew } = resolveRefresh({ url: 'https://api.test/refresh', send }, nowhere, () => {})
  expect(await renew(tokens, new AbortController().signal)).toMatchObject({ kind: 'misconfigured' })
})

test.each(['json', 'form'] as const)('a GET with send %j is refused, for it has no body', (send) => {
  expect(() =>
    resolveRefresh({ url: 'https://api.test/refresh', method: 'GET', send }, nowhere, () => {}),
  ).toThrow(/method takes 'POST'/)
})

const endpointUrl = 'https://api.test/refresh'
const { refreshToken: _, ...withoutRefreshToken } = tokens
const sourceOf = (more: Partial<RefreshEndpoint> = {}) =>
  resolveRefresh({ url: endpointUrl, ...more }, nowhere, () => {})

describe('a refresh can be tried', () => {
  test.each<[string, Partial<RefreshEndpoint>, boolean]>([
    ['in headers', {}, false],
    ['in JSON', { send: 'json' }, false],
    ['in a form', { send: 'form' }, false],
    ['under other names', { names: { accessToken: 'X-Access', refreshToken: 'X-Refresh' } }, false],
    ['with the access token alone', { names: { refreshToken: '' } }, true],
    ['by a cookie', { send: 'cookie' }, true],
    ['by a function that does not say what it sends', { send: () => ({}) }, true],
    ['by a function with a name for it', { send: () => ({}), names: { refreshToken: 'R' } }, false],
  ])('%s, with %j and no refresh token: %s', (_, endpoint, isPossible) => {
    const { canRenew } = sourceOf(endpoint)
    expect(canRenew(withoutRefreshToken)).toBe(isPossible)
    expect(canRenew(tokens)).toBe(true)
  })

  test('without one by the function of the app, which may do as it likes', () => {
    const source = resolveRefresh(
      async () => ({ accessToken: 'a' }),
      nowhere,
      () => {},
    )
    expect(source.canRenew(withoutRefreshToken)).toBe(true)
    expect(source.timing).toBe('any')
    expect(source.readSignIn({ access_token: 'A' })).toEqual({ accessToken: 'A' })
    expect(source.url).toBeUndefined()
  })
})

test.each<[Partial<RefreshEndpoint>, string]>([
  [{}, 'after-expiry'],
  [{ send: 'headers' }, 'after-expiry'],
  [{ send: 'json' }, 'any'],
  [{ send: 'form' }, 'any'],
  [{ send: 'cookie' }, 'any'],
  [{ timing: 'before-expiry' }, 'before-expiry'],
])('an endpoint with %j takes a refresh: %s', (endpoint, timing) => {
  expect(sourceOf(endpoint).timing).toBe(timing)
})

test('what the page is at the start says where a relative URL leads', () => {
  let page = 'https://app.test/start/'
  const at = () => page
  const source = resolveRefresh({ url: 'refresh', signOut: 'out' }, at, () => {})
  page = 'https://evil.test/'
  expect(source.url).toBe('https://app.test/start/refresh')
  expect(source.tellSignOut).toBeTypeOf('function')
  expect(sourceOf().tellSignOut).toBeUndefined()
})

test('an endpoint may be a URL object, and none of its calls comes from the app', () => {
  const source = resolveRefresh(new URL(endpointUrl), nowhere, () => {})
  expect(source.url).toBe(endpointUrl)
  expect(source.isOwnCall(undefined)).toBe(false)
})

test('a sign-in reply is read by the names of the endpoint', () => {
  const headers = new Headers({ 'X-Access': 'access-1', 'X-Refresh': 'refresh-1' })
  const { readSignIn } = sourceOf({ names: { accessToken: 'X-Access', refreshToken: 'X-Refresh' } })
  expect(readSignIn({ status: 200, headers, data: '' })).toMatchObject({
    accessToken: 'access-1',
    refreshToken: 'refresh-1',
  })
})

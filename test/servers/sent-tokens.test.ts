// @vitest-environment node
import { describe, expect, test } from 'vitest'
import {
  bearerRefresh,
  cookie,
  headerPair,
  jsonPair,
  jsonRefresh,
  oauth2,
  simpleJwt,
  xRefreshToken,
} from '../../src/servers.js'

const url = 'https://api.test/refresh'
const tokens = { accessToken: 'access-1', refreshToken: 'refresh-1' }
const accessTokenAlone = { accessToken: 'access-1' }

describe('headerPair', () => {
  test('sends both tokens in headers, and no body', () => {
    expect(headerPair({ url }).send(tokens)).toEqual({
      headers: { Authorization: 'Bearer access-1', Refresh: 'refresh-1' },
    })
  })

  test('sends nothing where there is no refresh token', () => {
    expect(headerPair({ url }).send(accessTokenAlone)).toBeNull()
  })

  test.each(['X-Authorization', 'Authorization-Token', 'X-Access'])(
    'sends the bare token in %s',
    (accessToken) => {
      const request = headerPair({ url, names: { accessToken } }).send(tokens)
      expect(request?.headers).toEqual({ [accessToken]: 'access-1', Refresh: 'refresh-1' })
    },
  )

  test.each(['Authorization', 'authorization', 'AUTHORIZATION'])(
    'sends the token after the word Bearer in %s',
    (accessToken) => {
      const request = headerPair({ url, names: { accessToken } }).send(tokens)
      expect(request?.headers).toEqual({ [accessToken]: 'Bearer access-1', Refresh: 'refresh-1' })
    },
  )

  test('sends further headers, which do not take the place of a token', () => {
    const request = headerPair({ url, headers: { 'X-Client': 'spa', REFRESH: 'fixed' } }).send(tokens)
    expect(request?.headers).toEqual({
      'X-Client': 'spa',
      Authorization: 'Bearer access-1',
      Refresh: 'refresh-1',
    })
  })

  test.each([
    { accessToken: 'two words' },
    { refreshToken: 'Cookie' },
    { refreshToken: 'cookie' },
    { accessToken: '' },
    { accessTokens: 'X-Access' },
    { myAccessToken: 'X-Access', ourrefreshToken: 'R' },
  ])('takes no %j for names', (names) => {
    expect(() => headerPair({ url, names: names as never })).toThrow(/names takes/)
  })

  test.each([{ refreshToken: 'X-Cookie' }, { refreshToken: 'cookies' }, {}])(
    'takes %j for names',
    (names) => {
      expect(() => headerPair({ url, names })).not.toThrow()
    },
  )

  test.each([{ Cookie: 'a=b' }, { 'X-A': 'line\nbreak' }, { 'X-A': 7 }, { 'two words': 'a' }])(
    'takes no %j for headers',
    (headers) => {
      expect(() => headerPair({ url, headers: headers as never })).toThrow(/headers takes/)
    },
  )
})

describe('JSON', () => {
  const bodyOf = (request: { body?: string } | null): unknown => JSON.parse(request?.body ?? 'null')
  const fields = { note: 'any text: ä', accessToken: 'fixed', refreshToken: 'fixed' }

  test('has both tokens with jsonPair, and none in a header', () => {
    const request = jsonPair({ url }).send(tokens)
    expect(bodyOf(request)).toEqual(tokens)
    expect(request?.headers).toEqual({ 'Content-Type': 'application/json' })
    expect(jsonPair({ url }).send(accessTokenAlone)).toBeNull()
  })

  test('has the refresh token alone with jsonRefresh', () => {
    expect(bodyOf(jsonRefresh({ url }).send(tokens))).toEqual({ refreshToken: 'refresh-1' })
    expect(jsonRefresh({ url }).send(accessTokenAlone)).toBeNull()
  })

  test('has the names that the app gives, and constant fields that do not take the place of a token', () => {
    const names = { accessToken: 'access', refreshToken: 'user[token]' }
    expect(bodyOf(jsonPair({ url, names, fields }).send(tokens))).toEqual({
      ...fields,
      access: 'access-1',
      'user[token]': 'refresh-1',
    })
    expect(bodyOf(jsonPair({ url, fields }).send(tokens))).toEqual({ ...fields, ...tokens })
  })

  test.each([{ client_id: 7 }, { client_secret: 'no secret in a browser' }, 'client_id', null])(
    'takes no %j for fields',
    (fields) => {
      expect(() => jsonPair({ url, fields: fields as never })).toThrow(/fields takes/)
      expect(() => oauth2({ url, clientId: 'spa', fields: fields as never })).toThrow(/fields takes/)
    },
  )
})

test('a form has the grant of RFC 6749 section 6, and not the access token', () => {
  const request = oauth2({ url, clientId: 'spa', fields: { scope: 'a b' } }).send(tokens)
  expect(request?.headers).toEqual({ 'Content-Type': 'application/x-www-form-urlencoded' })
  expect(Object.fromEntries(new URLSearchParams(request?.body))).toEqual({
    grant_type: 'refresh_token',
    client_id: 'spa',
    scope: 'a b',
    refresh_token: 'refresh-1',
  })
})

test('a cookie goes without a token, and with a header that no form of another site has', () => {
  const request = cookie({ url }).send(tokens)
  expect(request?.headers).toMatchObject({ 'X-Requested-With': 'latchkey' })
  expect(JSON.stringify(request)).not.toMatch(/(access|refresh)-1/)
  expect(cookie({ url }).send(accessTokenAlone)).not.toBeNull()
})

test.each([
  ['headerPair', headerPair({ url }), 'after-expiry', undefined],
  ['jsonRefresh', jsonRefresh({ url }), undefined, undefined],
  ['jsonPair', jsonPair({ url }), undefined, undefined],
  ['bearerRefresh', bearerRefresh({ url }), undefined, undefined],
  ['oauth2', oauth2({ url, clientId: 'spa' }), undefined, undefined],
  ['simpleJwt', simpleJwt({ url }), undefined, undefined],
  ['cookie', cookie({ url }), undefined, 'include'],
])(
  '%s has a timing and credentials of its own only where its server needs them',
  (_, endpoint, timing, credentials) => {
    expect([endpoint.timing, endpoint.credentials]).toEqual([timing, credentials])
  },
)

test('a sign-out is a POST where the refresh is a GET', async () => {
  const calls: unknown[] = []
  const { fetch } = globalThis
  globalThis.fetch = async (_, init) => {
    calls.push(init?.method)
    return new Response(null, { status: 204 })
  }
  try {
    const signOut = 'https://api.test/logout'
    await xRefreshToken({ url, method: 'GET', signOut }).signOut?.(tokens)
    await xRefreshToken({ url, method: 'GET', signOut: { url: signOut } }).signOut?.(tokens)
    await xRefreshToken({ url, method: 'GET', signOut: { url: signOut, method: 'GET' } }).signOut?.(tokens)
  } finally {
    globalThis.fetch = fetch
  }
  expect(calls).toEqual(['POST', 'POST', 'GET'])
})

import { describe, expect, test } from 'vitest'
import { createSession, memoryStore, type RefreshEndpoint } from '../../src/index.js'
import * as servers from '../../src/servers.js'

const url = '/auth/refresh'
const { accessTokenHeader, tokensAt, tokensInHeaders, ...protocols } = servers
type Protocol = (options: object) => RefreshEndpoint
const all = Object.entries(protocols) as unknown as [string, Protocol][]
const given = { url, clientId: 'spa' }
const optionsOf = (name: string): object => (/^(oauth2|cognito)$/.test(name) ? given : { url })

test('there are twenty-five protocols, six of them general', () => {
  expect(all).toHaveLength(25)
  const general = ['headerPair', 'jsonRefresh', 'jsonPair', 'bearerRefresh', 'cookie', 'oauth2']
  expect(Object.keys(protocols)).toEqual(expect.arrayContaining(general))
})

test.each(all)('%s names an option that it does not have', (name, protocol) => {
  expect(() => protocol({ ...optionsOf(name), path: '/x' })).toThrow(
    new RegExp(`^${name} has no option "path"; it has `),
  )
})

test.each(all)('%s without a URL is refused by createSession', (name, protocol) => {
  const { url: _, ...rest } = optionsOf(name) as { url: string }
  const refresh = protocol(rest)
  expect(() => createSession({ refresh, store: memoryStore() })).toThrow(/url takes/)
})

test.each(all)(
  '%s makes a signOut where it has a URL to call, and may be spread for the rest',
  (name, protocol) => {
    expect(protocol(optionsOf(name))).not.toHaveProperty('signOut')
    const endpoint = protocol({ ...optionsOf(name), signOut: '/auth/logout' })
    expect(endpoint.signOut).toBeTypeOf('function')
    const session = createSession({ refresh: { ...endpoint, timing: 'any' }, store: memoryStore() })
    session.dispose()
  },
)

test.each(all)('%s signs nobody out at an unsafe URL', (name, protocol) => {
  for (const signOut of ['//evil.com/logout', { url: 'http://evil.com/logout' }]) {
    expect(() => protocol({ ...optionsOf(name), signOut })).toThrow(
      new RegExp(`^${name}: signOut takes a path, or an https URL`),
    )
  }
})

const tokens = { accessToken: 'access-1', refreshToken: 'refresh-1' }
const evilReply = { status: 200, header: () => null, body: { evil: 'evil' } }

test.each(all)('%s reads nothing from a polluted prototype', (name, protocol) => {
  const clean = protocol(optionsOf(name))
  const names = { accessToken: 'evil', refreshToken: 'evil' }
  const polluted = { names, headers: { evil: 'evil' }, fields: { evil: 'evil' }, accessToken: 'evil' }
  for (const [key, value] of Object.entries(polluted)) {
    Object.defineProperty(Object.prototype, key, { value, configurable: true })
  }
  try {
    const endpoint = protocol(optionsOf(name))
    expect(JSON.stringify(endpoint.send(tokens))).toBe(JSON.stringify(clean.send(tokens)))
    expect(endpoint.parse?.(evilReply) ?? null).toBeNull()
  } finally {
    for (const key of Object.keys(polluted)) Reflect.deleteProperty(Object.prototype, key)
  }
})

/** Protocols whose names are not those of a product or a standard. */
const named = all.filter(
  ([name]) => !['oauth2', 'directus', 'supabase', 'firebase', 'cognito'].includes(name),
)

describe.each(named)('%s', (name, protocol) => {
  test.each([7, [], ['jwt'], { accessToken: 7 }, { accessToken: '' }, { access: 'jwt' }, null])(
    'takes no %j for names',
    (names) => {
      expect(() => protocol({ url, names })).toThrow(new RegExp(`^${name}: names takes`))
    },
  )
})

/** Protocols whose servers hand the page no refresh token. */
const oneToken = named.filter(([name]) => ['cookie', 'ginJwt', 'laravelJwt'].includes(name))
const twoTokens = named.filter((protocol) => !oneToken.includes(protocol))

test.each(oneToken)('%s takes no name for a refresh token, because there is none', (name, protocol) => {
  expect(() => protocol({ url, names: { refreshToken: 'refresh' } })).toThrow(
    new RegExp(`^${name}: names takes an object with the name of a field for accessToken;`),
  )
})

test.each(twoTokens)('%s takes no name for two tokens', (name, protocol) => {
  const names = { accessToken: 'X-Token', refreshToken: 'X-Token' }
  expect(() => protocol({ url, names })).toThrow(new RegExp(`^${name}: names takes .*; no two may be alike`))
  protocol({ url, names: { ...names, refreshToken: 'X-Refresh' } })
})

test.each<[string, Protocol, object, string]>([
  ['xRefreshToken', servers.xRefreshToken, { method: 'PUT' }, 'method'],
  ['springReissue', servers.springReissue, { endedCodes: 'EXPIRED' }, 'endedCodes'],
  ['springReissue', servers.springReissue, { expiredCodes: [null] }, 'expiredCodes'],
  ['laravelJwt', servers.laravelJwt, { tokensOnAnyReply: 'yes' }, 'tokensOnAnyReply'],
  [
    'springAuthorizationRefresh',
    servers.springAuthorizationRefresh,
    { tokensOnAnyReply: 1 },
    'tokensOnAnyReply',
  ],
  ['supabase', servers.supabase, { apiKey: '' }, 'apiKey'],
  ['oauth2', servers.oauth2, { clientId: 'spa', dpop: 'yes' }, 'dpop'],
  ['cookie', servers.cookie, { silentStart: 0 }, 'silentStart'],
  ['cookie', servers.cookie, { xRequestedWith: 'no' }, 'xRequestedWith'],
  ['cognito', servers.cognito, { clientId: 'spa', rotation: 1 }, 'rotation'],
  ['cognito', servers.cognito, { clientId: 'spa', idToken: 'yes' }, 'idToken'],
  ['aspnetPair', servers.aspnetPair, { replyNames: { accessToken: 7 } }, 'replyNames'],
  ['jsonRefresh', servers.jsonRefresh, { fields: ['a'] }, 'fields'],
  ['jsonPair', servers.jsonPair, { headers: 'X-App: spa' }, 'headers'],
] as never)('%s with %o says what the option takes', (name, protocol, more, option) => {
  expect(() => protocol({ url, ...more })).toThrow(new RegExp(`^${name}: ${option} takes`))
})

test.each([undefined, '', 7])('oauth2 and cognito take no %j for clientId', (clientId) => {
  for (const [name, protocol] of all.filter(([name]) => 'clientId' in optionsOf(name))) {
    expect(() => protocol({ url, clientId })).toThrow(`${name}: clientId takes a string`)
  }
})

test.each(all)('%s takes an object', (name, protocol) => {
  expect(() => protocol(url as never)).toThrow(`${name} takes an object of options`)
})

// @vitest-environment node
import { afterEach, describe, expect, test } from 'vitest'
import type { FindingCode } from '../../bin/doctor/finding.js'
import { protocolRules } from './support/protocol-rules.js'
import { appOrigin, type Fault, type RefreshServer, startRefreshServer } from './support/refresh-server.js'
import { doctor } from './support/run-doctor.js'

let server: RefreshServer | undefined
afterEach(() => server?.close())

interface Case {
  what: string
  codes: FindingCode[]
  fault: Fault
  protocol?: string
  /** Whether it shows without a sign-in reply too. */
  isPublic?: boolean
  args?: string[]
  onReuse?: 'forgive' | 'refuse'
}

type Kind = Parameters<Fault>[0]['kind']
const kindOf =
  (...kinds: Kind[]) =>
  (kind: Kind): boolean =>
    kinds.includes(kind)
const isReply = kindOf('nothing', 'refusal', 'grant')

/** A fault that takes a header away, or changes it. */
const header =
  (is: (kind: Kind) => boolean, name: string, value?: string): Fault =>
  ({ kind, headers }) => {
    if (!is(kind)) return
    if (value === undefined) delete headers[name]
    else headers[name] = value
  }
/** A fault that answers something else. */
const answer =
  (is: (kind: Kind) => boolean, status: number, body: unknown, type = 'application/json'): Fault =>
  (given) => {
    if (is(given.kind))
      Object.assign(given, { status, body, headers: { ...given.headers, 'Content-Type': type } })
  }
const page = '<!doctype html><title>App</title>'
const everywhere = (): boolean => true
const cookie =
  (line: string): Fault =>
  (given, _, { refreshToken }) => {
    if (given.kind === 'grant') given.headers['Set-Cookie'] = `refreshToken=${refreshToken}; ${line}`
  }
const claims =
  (change: (nowS: number) => Record<string, unknown>, extra: Record<string, unknown> = {}): Fault =>
  (given) => {
    if (given.kind !== 'grant') return
    const body = given.body as { accessToken: string }
    const nowS = Math.floor(Date.now() / 1000)
    const encode = (part: unknown): string => Buffer.from(JSON.stringify(part)).toString('base64url')
    given.body = { ...body, ...extra, accessToken: `${encode({ alg: 'none' })}.${encode(change(nowS))}.` }
  }

const cases: Case[] = [
  // Reached
  {
    what: 'a slash at the end is added by a redirect',
    codes: ['REDIRECT'],
    isPublic: true,
    fault(given, { url }) {
      if (!isReply(given.kind)) return
      given.status = 308
      given.headers.Location = `${url}/`
    },
  },
  {
    what: 'http is redirected to https',
    codes: ['REDIRECT'],
    isPublic: true,
    fault(given, { headers, url }) {
      given.status = 301
      given.headers.Location = `https://${headers.host}${url}`
    },
  },
  {
    what: 'a refusal leads to a page to sign in at',
    codes: ['REDIRECT'],
    isPublic: true,
    fault(given) {
      if (given.kind !== 'refusal') return
      given.status = 302
      given.headers.Location = '/login'
    },
  },
  {
    what: 'there is nothing',
    codes: ['NOT_FOUND'],
    isPublic: true,
    fault: answer(everywhere, 404, 'Not found'),
  },
  {
    what: 'no method is taken',
    codes: ['METHOD_NOT_ALLOWED'],
    isPublic: true,
    fault: answer(everywhere, 405, { message: 'Method not allowed' }),
  },
  {
    what: 'the fallback of a single-page app answers',
    codes: ['HTML_REPLY'],
    isPublic: true,
    fault: answer(isReply, 200, page, 'text/html'),
  },
  {
    what: 'a firewall refuses by a page',
    codes: ['HTML_REPLY'],
    isPublic: true,
    fault: answer(kindOf('nothing', 'refusal'), 403, page, 'text/html'),
  },
  {
    what: 'the connection breaks for a token that is no good',
    codes: ['CONNECTION_BROKEN'],
    isPublic: true,
    args: ['--protocol', 'jsonRefresh'],
    fault(given) {
      if (given.kind === 'refusal') given.status = 0
    },
  },
  // CORS
  {
    what: 'OPTIONS is answered by 401',
    codes: ['PREFLIGHT_STATUS'],
    isPublic: true,
    fault: answer(kindOf('preflight'), 401, { message: 'Unauthorized' }),
  },
  {
    what: 'OPTIONS is redirected',
    codes: ['PREFLIGHT_REDIRECT'],
    isPublic: true,
    fault(given) {
      if (given.kind !== 'preflight') return
      given.status = 307
      given.headers.Location = '/auth/refresh/'
    },
  },
  {
    what: 'Content-Type is not allowed',
    codes: ['PREFLIGHT_HEADERS'],
    isPublic: true,
    fault: header(kindOf('preflight'), 'Access-Control-Allow-Headers', 'Authorization'),
  },
  {
    what: 'Refresh is not allowed',
    protocol: 'headerPair',
    codes: ['PREFLIGHT_HEADERS'],
    isPublic: true,
    args: ['--protocol', 'headerPair'],
    fault: header(kindOf('preflight'), 'Access-Control-Allow-Headers', 'Authorization'),
  },
  {
    what: '* is to cover Authorization',
    protocol: 'bearerRefresh',
    codes: ['PREFLIGHT_HEADERS'],
    isPublic: true,
    args: ['--protocol', 'bearerRefresh'],
    fault: header(kindOf('preflight'), 'Access-Control-Allow-Headers', '*'),
  },
  {
    what: '* is to cover headers of a call with cookies',
    protocol: 'cookie',
    codes: ['PREFLIGHT_HEADERS'],
    fault: header(kindOf('preflight'), 'Access-Control-Allow-Headers', '*'),
  },
  {
    what: 'there is no CORS at all',
    codes: ['PREFLIGHT_HEADERS', 'ALLOW_ORIGIN_MISSING', 'EXPOSE_HEADERS'],
    isPublic: true,
    fault({ headers }) {
      for (const name of Object.keys(headers)) if (/^access-control/i.test(name)) delete headers[name]
    },
  },
  {
    what: 'another origin is allowed',
    codes: ['ALLOW_ORIGIN_WRONG'],
    isPublic: true,
    fault: header(everywhere, 'Access-Control-Allow-Origin', 'https://app.example.com'),
  },
  {
    what: 'the origin has a slash too many',
    codes: ['ALLOW_ORIGIN_WRONG'],
    isPublic: true,
    fault: header(everywhere, 'Access-Control-Allow-Origin', `${appOrigin}/`),
  },
  {
    what: 'two origins are allowed at once',
    codes: ['ALLOW_ORIGIN_WRONG'],
    isPublic: true,
    fault: header(everywhere, 'Access-Control-Allow-Origin', `${appOrigin}, https://app.example.com`),
  },
  {
    what: 'every origin is allowed by * with cookies',
    protocol: 'cookie',
    codes: ['ALLOW_ORIGIN_WILDCARD'],
    fault: header(everywhere, 'Access-Control-Allow-Origin', '*'),
  },
  {
    what: 'the 401 has no Access-Control-Allow-Origin',
    codes: ['ALLOW_ORIGIN_NOT_ON_ERRORS'],
    isPublic: true,
    fault: header(kindOf('refusal', 'nothing'), 'Access-Control-Allow-Origin'),
  },
  {
    what: 'the preflight has no Access-Control-Allow-Origin',
    codes: ['ALLOW_ORIGIN_MISSING'],
    isPublic: true,
    fault: header(kindOf('preflight'), 'Access-Control-Allow-Origin'),
  },
  {
    what: 'the reply with tokens has no Access-Control-Allow-Origin',
    codes: ['ALLOW_ORIGIN_NOT_ON_SUCCESS'],
    fault: header(kindOf('grant'), 'Access-Control-Allow-Origin'),
  },
  {
    what: 'cookies are not allowed',
    protocol: 'cookie',
    codes: ['ALLOW_CREDENTIALS_MISSING'],
    fault: header(everywhere, 'Access-Control-Allow-Credentials'),
  },
  {
    what: 'every origin is allowed with cookies',
    protocol: 'cookie',
    codes: ['ANY_ORIGIN_WITH_CREDENTIALS'],
    fault({ headers }, request) {
      headers['Access-Control-Allow-Origin'] = String(request.headers.origin)
      headers['Access-Control-Allow-Credentials'] = 'true'
    },
  },
  {
    what: 'caches do not learn that replies differ by origin',
    codes: ['VARY_ORIGIN'],
    isPublic: true,
    fault({ headers }, request) {
      headers['Access-Control-Allow-Origin'] = String(request.headers.origin)
      delete headers.Vary
    },
  },
  {
    what: 'nothing is exposed',
    codes: ['EXPOSE_HEADERS'],
    isPublic: true,
    fault: header(everywhere, 'Access-Control-Expose-Headers'),
  },
  {
    what: 'the headers with the tokens are not exposed',
    protocol: 'headerPair with tokens in headers',
    codes: ['EXPOSE_TOKENS'],
    fault: header(everywhere, 'Access-Control-Expose-Headers', 'Retry-After, WWW-Authenticate'),
  },
  {
    what: 'the header with the refresh token alone is not exposed',
    protocol: 'headerPair with tokens in headers',
    codes: ['EXPOSE_TOKENS'],
    fault: header(
      everywhere,
      'Access-Control-Expose-Headers',
      'Retry-After, WWW-Authenticate, Authorization',
    ),
  },
  // Refusals
  {
    what: 'a bad token is answered by 400',
    codes: ['REFUSAL_STATUS'],
    isPublic: true,
    args: ['--protocol', 'jsonRefresh'],
    fault: answer(kindOf('refusal'), 400, { message: 'Bad token' }),
  },
  {
    what: 'a bad token is answered by 422',
    codes: ['REFUSAL_STATUS'],
    fault: answer(kindOf('refusal'), 422, { message: 'Bad token' }),
  },
  {
    what: 'a bad token is answered by 401 where OAuth 2.0 has 400',
    protocol: 'oauth2',
    codes: ['REFUSAL_STATUS'],
    fault: answer(kindOf('refusal'), 401, { error: 'invalid_token' }),
  },
  {
    what: 'a bad token is answered by 403',
    codes: ['REFUSAL_IS_403'],
    isPublic: true,
    fault: answer(kindOf('refusal'), 403, { message: 'Forbidden' }),
  },
  {
    what: 'a bad token is answered by 403 without JSON',
    codes: ['REFUSAL_STATUS'],
    fault: answer(kindOf('refusal'), 403, 'Forbidden', 'text/plain'),
  },
  {
    what: 'a bad token is answered by 200',
    codes: ['REFUSAL_IS_SUCCESS'],
    fault: answer(kindOf('refusal'), 200, { code: 40_101, message: 'expired' }),
  },
  {
    what: 'a bad token makes the server fail',
    codes: ['SERVER_ERROR'],
    fault: answer(kindOf('refusal'), 500, { message: 'jwt malformed' }),
  },
  {
    what: 'any token is good',
    codes: ['ACCEPTS_ANY_TOKEN'],
    isPublic: true,
    fault: answer(kindOf('refusal'), 200, { accessToken: 'a.b.c', refreshToken: 'anything-goes' }),
  },
  {
    what: 'the 401 asks for a password',
    codes: ['CHALLENGE_BASIC'],
    fault: header(kindOf('refusal'), 'WWW-Authenticate', 'Basic realm="api"'),
  },
  {
    what: 'the server asks for quiet',
    codes: ['RATE_LIMITED'],
    args: ['--protocol', 'jsonRefresh'],
    isPublic: true,
    fault: answer(kindOf('refusal'), 429, { message: 'Too many' }),
  },
  {
    what: 'Supabase gets no public key',
    protocol: 'supabase',
    codes: ['API_KEY_WANTED'],
    isPublic: true,
    args: ['--api-key', 'another-key'],
    fault() {},
  },
  {
    what: 'Strapi makes a page of a bad token',
    protocol: 'strapi',
    codes: ['HTML_REPLY'],
    fault: answer(kindOf('refusal'), 403, page, 'text/html'),
  },
  {
    what: 'gin-jwt 3 lies behind its own guard',
    protocol: 'ginJwtV3',
    codes: ['REFUSAL_STATUS'],
    args: ['--protocol', 'ginJwtV3'],
    fault: answer(kindOf('refusal'), 401, { code: 401, message: 'cookie token is empty' }),
  },
  {
    what: 'fastapi-jwt-auth fails for a bad token',
    protocol: 'fastapiJwtAuth',
    codes: ['SERVER_ERROR'],
    args: ['--protocol', 'fastapiJwtAuth'],
    fault: answer(kindOf('refusal'), 500, { detail: 'jwt malformed' }),
  },
  {
    what: 'Firebase refuses the key',
    protocol: 'firebase',
    codes: ['REFUSAL_STATUS'],
    fault: answer(kindOf('refusal'), 403, { error: { code: 403, message: 'Requests are blocked' } }),
  },
  {
    what: 'the app client of Cognito has a secret',
    protocol: 'cognito',
    codes: ['REFUSAL_STATUS'],
    fault: answer(kindOf('refusal'), 400, {
      __type: 'NotAuthorizedException',
      message: 'Unable to verify secret hash for client spa',
    }),
  },
  {
    what: 'the cookie with the access token can be read by a script',
    protocol: 'cookie with both tokens',
    codes: ['COOKIE_NOT_HTTP_ONLY'],
    fault(given, _, { accessToken, refreshToken }) {
      if (given.kind !== 'grant') return
      given.headers['Set-Cookie'] = [
        `access_token=${accessToken}; Secure; SameSite=Strict; Path=/`,
        `refresh_token=${refreshToken}; HttpOnly; Secure; SameSite=Strict; Path=/auth`,
      ]
    },
  },
  {
    what: 'the API does not allow cookies, though both tokens are in them',
    protocol: 'cookie with both tokens',
    codes: ['ALLOW_CREDENTIALS_MISSING'],
    fault: header(kindOf('api'), 'Access-Control-Allow-Credentials'),
  },
  // The API
  {
    what: 'the header of the access token is not allowed',
    protocol: 'jsonRefresh with x-access-token',
    codes: ['PREFLIGHT_HEADERS'],
    isPublic: true,
    fault(given, { url }) {
      if (given.kind === 'preflight' && url === '/me')
        given.headers['Access-Control-Allow-Headers'] = 'Authorization'
    },
  },
  {
    what: 'the API answers 403',
    codes: ['API_NOT_401'],
    isPublic: true,
    fault: answer(kindOf('api'), 403, { message: 'Forbidden' }),
  },
  {
    what: 'the API answers by a page',
    codes: ['API_NOT_401'],
    isPublic: true,
    fault: answer(kindOf('api'), 401, page, 'text/html'),
  },
  {
    what: 'the 401 of the API has no Access-Control-Allow-Origin',
    codes: ['ALLOW_ORIGIN_NOT_ON_ERRORS'],
    isPublic: true,
    fault: header(kindOf('api'), 'Access-Control-Allow-Origin'),
  },
  {
    what: 'the 401 of the API does not say why',
    codes: ['CHALLENGE_MISSING'],
    isPublic: true,
    fault: header(kindOf('api'), 'WWW-Authenticate'),
  },
  {
    what: 'the 401 of the API says that the scope is too small',
    codes: ['CHALLENGE_LASTING'],
    isPublic: true,
    fault: header(kindOf('api'), 'WWW-Authenticate', 'Bearer error="insufficient_scope"'),
  },
  // The reply with tokens
  { what: 'caches may keep the tokens', codes: ['NO_STORE'], fault: header(isReply, 'Cache-Control') },
  {
    what: 'the access token has the word Bearer in it',
    codes: ['TOKENS_UNUSABLE'],
    fault(given, _, pair) {
      if (given.kind === 'grant') given.body = { ...pair, accessToken: `Bearer ${pair.accessToken}` }
    },
  },
  {
    what: 'OAuth 2.0 leaves token_type out',
    protocol: 'oauth2',
    codes: ['TOKENS_UNUSABLE'],
    fault(given, _, pair) {
      if (given.kind !== 'grant') return
      given.body = { access_token: pair.accessToken, refresh_token: pair.refreshToken, expires_in: 600 }
    },
  },
  {
    what: 'the refresh token rotates and is not told',
    codes: ['ROTATED_TOKEN_MISSING'],
    args: ['--reuse'],
    onReuse: 'refuse',
    fault(given, _, { accessToken }) {
      if (given.kind === 'grant') given.body = { accessToken }
    },
  },
  {
    what: 'the access token has expired when it comes',
    codes: ['TOKEN_BORN_EXPIRED'],
    fault: claims((now) => ({ iat: now - 700, exp: now - 100 })),
  },
  {
    what: 'exp is in milliseconds',
    codes: ['LIFETIME_MISMATCH'],
    fault: claims((now) => ({ iat: now, exp: (now + 600) * 1000 })),
  },
  {
    what: 'expiresIn is in milliseconds',
    codes: ['LIFETIME_MISMATCH', 'LIFETIME_LONG'],
    fault: claims((now) => ({ iat: now, exp: now + 600 }), { expiresIn: 600_000 }),
  },
  {
    what: 'nothing says how long the token lives',
    codes: ['LIFETIME_UNKNOWN'],
    fault: claims(() => ({ sub: 'ada' })),
  },
  {
    what: 'the access token lives half a minute',
    codes: ['LIFETIME_SHORT'],
    fault: claims((now) => ({ iat: now, exp: now + 30 })),
  },
  {
    what: 'the access token lives for a month',
    codes: ['LIFETIME_LONG'],
    fault: claims((now) => ({ iat: now, exp: now + 2_592_000 })),
  },
  {
    what: 'the access token is as large as a page',
    codes: ['TOKEN_LARGE'],
    fault: claims((now) => ({ iat: now, exp: now + 600, roles: 'r'.repeat(4000) })),
  },
  {
    what: 'the clock of the server is wrong',
    codes: ['CLOCK_SKEW'],
    fault({ headers }) {
      headers.Date = new Date(Date.now() - 300_000).toUTCString()
    },
  },
  {
    what: 'tokens are issued in the future',
    codes: ['CLOCK_SKEW'],
    fault: claims((now) => ({ iat: now + 60, exp: now + 660 })),
  },
  // Cookies
  {
    what: 'a script can read it',
    protocol: 'cookie',
    codes: ['COOKIE_NOT_HTTP_ONLY'],
    fault: cookie('Secure; SameSite=Strict; Path=/auth'),
  },
  {
    what: 'SameSite=None lacks Secure',
    protocol: 'cookie',
    codes: ['COOKIE_NONE_WITHOUT_SECURE', 'COOKIE_SAME_SITE_NONE'],
    fault: cookie('HttpOnly; SameSite=None; Path=/auth'),
  },
  {
    what: 'the cookie goes along for other sites',
    protocol: 'cookie',
    codes: ['COOKIE_SAME_SITE_NONE'],
    fault: cookie('HttpOnly; Secure; SameSite=None; Path=/auth'),
  },
  {
    what: 'its path is that of the sign-in',
    protocol: 'cookie',
    codes: ['COOKIE_PATH'],
    fault: cookie('HttpOnly; Secure; SameSite=Strict; Path=/auth/sign-in'),
  },
  {
    what: 'its domain is another',
    protocol: 'cookie',
    codes: ['COOKIE_DOMAIN'],
    fault: cookie('HttpOnly; Secure; SameSite=Strict; Path=/; Domain=example.com'),
  },
]

const codesOf = async (
  { fault, protocol = 'jsonRefresh', args = [], onReuse = 'forgive' }: Case,
  hasSignIn: boolean,
) => {
  server = await startRefreshServer({ fault, protocol, onReuse })
  const own = [
    '--origin',
    appOrigin,
    '--api',
    server.api,
    '--json',
    ...(protocolRules[protocol]?.args ?? []),
    ...args,
  ]
  const run = await doctor([server.url, ...own], hasSignIn ? { stdin: server.signIn } : {})
  return run
}

describe('with a sign-in reply', () => {
  test.each(cases)('$what: $codes', async (one) => {
    const { codes, report, exitCode } = await codesOf(one, true)
    expect([...new Set(codes)].sort()).toEqual([...one.codes].sort())
    const isProblem = report.findings.some(({ level }) => level === 'problem')
    expect(exitCode).toBe(isProblem ? 1 : 0)
    for (const { wrong, right } of report.findings) {
      expect(wrong.length).toBeGreaterThan(20)
      expect(right.length).toBeGreaterThan(5)
    }
  })
})

describe('without one', () => {
  test.each(cases.filter(({ isPublic }) => isPublic))('$what: $codes', async (one) => {
    const { codes } = await codesOf(one, false)
    expect([...new Set(codes)].sort()).toEqual([...one.codes].sort())
  })
})

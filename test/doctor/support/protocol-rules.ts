import type { IncomingHttpHeaders } from 'node:http'

/** One request as the server of a protocol sees it. */
export interface Brought {
  headers: IncomingHttpHeaders
  body: string
}

export interface Pair {
  accessToken: string
  refreshToken: string
}

/** How a server of one protocol reads a refresh and answers it. */
export interface ProtocolRules {
  /** The refresh token; `undefined` where there is none to be seen. */
  read(brought: Brought): string | undefined
  /** What the reply with tokens has; that of the sign-in too. */
  grant(pair: Pair): { body?: unknown; headers?: Record<string, string | string[]> }
  /** What the reply to the sign-in has, where that is something else. */
  signIn?(pair: Pair): { body?: unknown; headers?: Record<string, string | string[]> }
  /** What the server answers before it looks at any token. */
  demand?(brought: Brought): { status: number; body: unknown; headers?: Record<string, string> } | undefined
  /** The path of the refresh endpoint, with its query; '/auth/refresh' by default. */
  path?: string
  /** How the API reads the access token; as Bearer by default. */
  readAtApi?(brought: Brought): string | undefined
  /** What the API answers to a token that is no good; 401 by default. */
  apiRefusal?: { status: number; body: unknown }
  /** Whether the refresh token stays the same. */
  isStatic?: boolean
  /** Whether no token reaches the page. */
  isHidden?: boolean
  /** Whether the tokens are bound to a key, so that no refresh can be tried. */
  isBound?: boolean
  /** The answer to a token that is no good. */
  refusal?: { status: number; body: unknown }
  /** What the preflight has to allow. */
  allowHeaders: string
  withCredentials?: boolean
  /** The code to copy, but for the URL. */
  code: string
  args?: string[]
  /** Whether the server takes the access token for the refresh token. */
  hasOneToken?: boolean
}

const json = (body: string): Record<string, unknown> => {
  try {
    return JSON.parse(body) ?? {}
  } catch {
    return {}
  }
}
const text = (value: unknown): string | undefined => (typeof value === 'string' && value ? value : undefined)
const field =
  (name: string): ProtocolRules['read'] =>
  ({ body, headers }) =>
    headers['content-type'] === 'application/json' ? text(json(body)[name]) : undefined
const header =
  (name: string): ProtocolRules['read'] =>
  ({ headers }) =>
    text(headers[name])
export const readBearer: ProtocolRules['read'] = ({ headers }) =>
  /^Bearer (\S+)$/.exec(headers.authorization ?? '')?.[1]
const cookieOf = ({ headers }: Brought, name: string): string | undefined =>
  new RegExp(`(?:^|; )${name}=([^;]*)`).exec(headers.cookie ?? '')?.[1]

/** The nonce in a proof. */
function nonceOf(proof: unknown): unknown {
  const [, payload = ''] = String(proof).split('.')
  return json(Buffer.from(payload, 'base64url').toString()).nonce
}

export const protocolRules: Record<string, ProtocolRules> = {
  jsonRefresh: {
    read: field('refreshToken'),
    grant: (pair) => ({ body: pair }),
    allowHeaders: 'Content-Type, Authorization',
    code: 'jsonRefresh({ url })',
  },
  'jsonRefresh in snake_case': {
    read: field('refresh_token'),
    grant: (pair) => ({ body: { access_token: pair.accessToken, refresh_token: pair.refreshToken } }),
    allowHeaders: 'Content-Type',
    code: "jsonRefresh({ url, names: { refreshToken: 'refresh_token' } })",
  },
  'jsonRefresh in an envelope': {
    read: field('refreshToken'),
    grant: (pair) => ({
      body: { success: true, result: { jwt: pair.accessToken, refreshToken: pair.refreshToken } },
    }),
    allowHeaders: 'Content-Type',
    code: "jsonRefresh({ url, names: { accessToken: 'result.jwt', refreshToken: 'result.refreshToken' } })",
  },
  jsonPair: {
    read: (brought) => (field('accessToken')(brought) ? field('refreshToken')(brought) : undefined),
    grant: (pair) => ({ body: { data: pair } }),
    allowHeaders: 'content-type',
    code: 'jsonPair({ url })',
  },
  aspnetPair: {
    read: (brought) => (field('accessToken')(brought) ? field('refreshToken')(brought) : undefined),
    grant: (pair) => ({ body: pair }),
    refusal: { status: 400, body: 'Invalid client request' },
    allowHeaders: 'Content-Type',
    code: 'aspnetPair({ url })',
    args: ['--protocol', 'aspnetPair'],
  },
  simpleJwt: {
    read: field('refresh'),
    grant: (pair) => ({ body: { access: pair.accessToken, refresh: pair.refreshToken } }),
    refusal: { status: 401, body: { detail: 'Token is invalid or expired', code: 'token_not_valid' } },
    allowHeaders: 'accept, authorization, content-type',
    code: 'simpleJwt({ url })',
  },
  directus: {
    read: (brought) => (json(brought.body).mode === 'json' ? field('refresh_token')(brought) : undefined),
    grant: (pair) => ({
      body: { data: { access_token: pair.accessToken, refresh_token: pair.refreshToken, expires: 600_000 } },
    }),
    allowHeaders: 'Content-Type',
    code: 'directus({ url })',
  },
  oauth2: {
    read({ body, headers }) {
      if (headers['content-type'] !== 'application/x-www-form-urlencoded') return undefined
      const form = new URLSearchParams(body)
      return form.get('grant_type') === 'refresh_token' && form.get('client_id') === 'spa'
        ? text(form.get('refresh_token'))
        : undefined
    },
    grant: (pair) => ({
      body: {
        access_token: pair.accessToken,
        token_type: 'Bearer',
        expires_in: 600,
        refresh_token: pair.refreshToken,
      },
    }),
    refusal: { status: 400, body: { error: 'invalid_grant' } },
    allowHeaders: '',
    code: "oauth2({ url, clientId: 'spa' })",
    args: ['--client-id', 'spa'],
  },
  xRefreshToken: {
    read: header('x-refresh-token'),
    grant: (pair) => ({
      headers: { 'X-Access-Token': pair.accessToken, 'X-Refresh-Token': pair.refreshToken },
    }),
    allowHeaders: 'X-Refresh-Token',
    code: 'xRefreshToken({ url })',
  },
  springAuthorizationRefresh: {
    read: ({ headers }) => /^Bearer (\S+)$/.exec(String(headers['authorization-refresh'] ?? ''))?.[1],
    grant: (pair) => ({
      headers: { Authorization: pair.accessToken, 'Authorization-refresh': pair.refreshToken },
    }),
    refusal: { status: 200, body: '' },
    allowHeaders: 'Authorization, Authorization-refresh',
    code: 'springAuthorizationRefresh({ url })',
    args: ['--protocol', 'springAuthorizationRefresh'],
  },
  cookie: {
    read: (brought) => cookieOf(brought, 'refreshToken'),
    grant: (pair) => ({
      body: { accessToken: pair.accessToken },
      headers: {
        'Set-Cookie': `refreshToken=${pair.refreshToken}; HttpOnly; Secure; SameSite=Strict; Path=/auth`,
      },
    }),
    allowHeaders: 'X-Requested-With',
    withCredentials: true,
    code: 'cookie({ url })',
  },
  'cookie with a CSRF token': {
    read: (brought) =>
      brought.headers['x-csrf-token'] && cookieOf(brought, 'csrf') === brought.headers['x-csrf-token']
        ? cookieOf(brought, 'refreshToken')
        : undefined,
    grant: (pair) => ({
      body: { accessToken: pair.accessToken },
      headers: {
        'Set-Cookie': [
          `refreshToken=${pair.refreshToken}; HttpOnly; Secure; SameSite=Strict; Path=/auth`,
          `csrf=${crypto.randomUUID()}; Path=/`,
        ],
      },
    }),
    allowHeaders: 'X-Requested-With, X-CSRF-Token',
    withCredentials: true,
    code: "cookie({ url, csrf: { header: 'X-CSRF-Token', from: 'csrf' } })",
    args: ['--csrf-header', 'X-CSRF-Token'],
  },
  headerPair: {
    read: (brought) => (readBearer(brought) ? header('refresh')(brought) : undefined),
    grant: (pair) => ({ body: { ok: true, data: pair } }),
    allowHeaders: 'Authorization, Refresh',
    code: 'headerPair({ url })',
  },
  'headerPair with tokens in headers': {
    read: (brought) => (readBearer(brought) ? header('refresh')(brought) : undefined),
    grant: (pair) => ({
      headers: { Authorization: `Bearer ${pair.accessToken}`, Refresh: pair.refreshToken },
    }),
    allowHeaders: 'Authorization, Refresh',
    code: 'headerPair({ url })',
  },
  bearerRefresh: {
    read: readBearer,
    grant: (pair) => ({ body: pair }),
    allowHeaders: 'Authorization',
    code: 'bearerRefresh({ url })',
  },
  nestBearer: {
    read: readBearer,
    grant: (pair) => ({
      body: { token: pair.accessToken, refreshToken: pair.refreshToken, tokenExpires: 1 },
    }),
    allowHeaders: 'Authorization',
    code: 'nestBearer({ url })',
  },
  laravelJwt: {
    read: readBearer,
    grant: (pair) => ({ body: { access_token: pair.accessToken, token_type: 'bearer', expires_in: 600 } }),
    allowHeaders: 'Authorization',
    code: 'laravelJwt({ url })',
    args: ['--protocol', 'laravelJwt'],
    hasOneToken: true,
  },
  ginJwt: {
    read: readBearer,
    grant: (pair) => ({ body: { code: 200, token: pair.accessToken, expire: '2030-01-01T00:00:00Z' } }),
    allowHeaders: 'Authorization',
    code: 'ginJwt({ url })',
    args: ['--protocol', 'ginJwt'],
    hasOneToken: true,
  },
  strapi: {
    read: field('refreshToken'),
    grant: (pair) => ({ body: { jwt: pair.accessToken, refreshToken: pair.refreshToken } }),
    refusal: {
      status: 401,
      body: {
        data: null,
        error: { status: 401, name: 'UnauthorizedError', message: 'Invalid refresh token' },
      },
    },
    allowHeaders: 'Content-Type, Authorization',
    code: 'strapi({ url })',
  },
  ginJwtV3: {
    read: field('refresh_token'),
    grant: (pair) => ({
      body: {
        access_token: pair.accessToken,
        token_type: 'Bearer',
        expires_in: 600,
        refresh_token: pair.refreshToken,
      },
    }),
    refusal: { status: 401, body: { code: 401, message: 'invalid or expired refresh token' } },
    allowHeaders: 'Content-Type',
    code: 'ginJwtV3({ url })',
  },
  fastapiJwtAuth: {
    read: readBearer,
    grant: (pair) => ({ body: { access_token: pair.accessToken, refresh_token: pair.refreshToken } }),
    refusal: { status: 422, body: { detail: 'Not enough segments' } },
    apiRefusal: { status: 422, body: { detail: 'Not enough segments' } },
    allowHeaders: 'Authorization',
    code: 'fastapiJwtAuth({ url })',
  },
  supabase: {
    path: '/auth/v1/token?grant_type=refresh_token',
    demand: ({ headers }) =>
      headers.apikey === 'public-key'
        ? undefined
        : { status: 401, body: { message: 'No API key found in request' } },
    read: field('refresh_token'),
    grant: (pair) => ({
      body: {
        access_token: pair.accessToken,
        token_type: 'bearer',
        expires_in: 600,
        refresh_token: pair.refreshToken,
        user: { id: 'ada' },
      },
    }),
    refusal: { status: 400, body: { code: 400, error_code: 'refresh_token_not_found', msg: 'Not found' } },
    allowHeaders: 'Content-Type, apikey',
    code: 'supabase({ url, apiKey: publicKey })',
    args: ['--api-key', 'public-key'],
  },
  firebase: {
    path: '/securetoken.googleapis.com/v1/token?key=public-key',
    read: ({ body }) => text(new URLSearchParams(body).get('refresh_token')),
    grant: (pair) => ({
      body: {
        id_token: pair.accessToken,
        refresh_token: pair.refreshToken,
        expires_in: '600',
        token_type: 'Bearer',
      },
    }),
    signIn: (pair) => ({
      body: {
        localId: 'ada',
        idToken: pair.accessToken,
        refreshToken: pair.refreshToken,
        expiresIn: '600',
      },
    }),
    refusal: { status: 400, body: { error: { code: 400, message: 'INVALID_REFRESH_TOKEN' } } },
    allowHeaders: '',
    code: 'firebase({ url })',
  },
  cognito: {
    read: ({ body, headers }) =>
      /InitiateAuth$/.test(String(headers['x-amz-target'])) && json(body).ClientId === 'spa'
        ? text((json(body).AuthParameters as Record<string, unknown> | undefined)?.REFRESH_TOKEN)
        : undefined,
    grant: (pair) => ({
      body: { AuthenticationResult: { AccessToken: pair.accessToken, ExpiresIn: 600, TokenType: 'Bearer' } },
    }),
    signIn: (pair) => ({
      body: {
        AuthenticationResult: {
          AccessToken: pair.accessToken,
          RefreshToken: pair.refreshToken,
          ExpiresIn: 600,
          TokenType: 'Bearer',
        },
      },
    }),
    refusal: {
      status: 400,
      body: { __type: 'NotAuthorizedException', message: 'Invalid Refresh Token' },
    },
    isStatic: true,
    allowHeaders: 'Content-Type, X-Amz-Target',
    code: "cognito({ url, clientId: 'spa' })",
    args: ['--client-id', 'spa'],
  },
  'cognito with rotation': {
    read: ({ body, headers }) =>
      /GetTokensFromRefreshToken$/.test(String(headers['x-amz-target']))
        ? text(json(body).RefreshToken)
        : undefined,
    grant: (pair) => ({
      body: {
        AuthenticationResult: {
          AccessToken: pair.accessToken,
          RefreshToken: pair.refreshToken,
          ExpiresIn: 600,
          TokenType: 'Bearer',
        },
      },
    }),
    refusal: {
      status: 400,
      body: { __type: 'RefreshTokenReuseException', message: 'Refresh token reused' },
    },
    allowHeaders: 'Content-Type, X-Amz-Target',
    code: "cognito({ url, clientId: 'spa', rotation: true })",
    args: ['--client-id', 'spa'],
  },
  'cookie with both tokens': {
    read: (brought) => cookieOf(brought, 'refresh_token'),
    grant: (pair) => ({
      body: { ok: true },
      headers: {
        'Set-Cookie': [
          `access_token=${pair.accessToken}; HttpOnly; Secure; SameSite=Strict; Path=/`,
          `refresh_token=${pair.refreshToken}; HttpOnly; Secure; SameSite=Strict; Path=/auth`,
        ],
      },
    }),
    readAtApi: (brought) => cookieOf(brought, 'access_token'),
    allowHeaders: 'X-Requested-With',
    withCredentials: true,
    isHidden: true,
    code: "cookie({ url, accessToken: 'cookie' })",
  },
  'jsonRefresh with x-access-token': {
    read: field('refreshToken'),
    grant: (pair) => ({ body: pair }),
    readAtApi: header('x-access-token'),
    allowHeaders: 'Content-Type, X-Access-Token',
    code: "{ ...jsonRefresh({ url }), authorize: accessTokenHeader('x-access-token') }",
  },
  'jsonRefresh with a word of its own': {
    read: field('refreshToken'),
    grant: (pair) => ({ body: pair }),
    readAtApi: ({ headers }) => /^JWT (\S+)$/.exec(headers.authorization ?? '')?.[1],
    allowHeaders: 'Content-Type, Authorization',
    code: "{ ...jsonRefresh({ url }), authorize: accessTokenHeader('Authorization', 'JWT') }",
  },
  'oauth2 with DPoP': {
    demand({ headers }) {
      if (nonceOf(headers.dpop) === 'n1') return undefined
      const nonce = { 'DPoP-Nonce': 'n1' }
      return { status: 400, body: { error: 'use_dpop_nonce' }, headers: nonce }
    },
    read: ({ body }) => text(new URLSearchParams(body).get('refresh_token')),
    grant: (pair) => ({
      body: { access_token: pair.accessToken, token_type: 'DPoP', refresh_token: pair.refreshToken },
    }),
    refusal: { status: 400, body: { error: 'invalid_grant' } },
    allowHeaders: 'DPoP',
    code: "oauth2({ url, clientId: 'spa', dpop: true })",
    args: ['--client-id', 'spa'],
    isBound: true,
  },
}

import { checkOptions, oneOf } from '../core/options.js'
import type { TokenSet } from '../core/tokens.js'
import { makeJwt, type TestClaims } from './make-jwt.js'

/**
 * How msw's handlers answer, and anything else can: `http.post(url, server.refresh)`, or for a `fetch` of your own
 * `server.refresh({ request: new Request(input, init) })`.
 */
export type Resolver<Info extends { request: Request } = { request: Request }> = (
  info: Info,
) => Response | Promise<Response>

export interface TestServerOptions {
  /**
   * What the refresh endpoint speaks, named as in the option `refresh.send`.
   *
   * @default 'headers'
   */
  protocol?: 'headers' | 'json' | 'form' | 'cookie'
  /** Lifetime of each access token, in seconds. @default 900 */
  expiresIn?: number
}

/** An API and its auth server, as far as a test of an app needs them. It rotates: a refresh token is good once. */
export interface TestServer {
  /** Tokens for a user, as the sign-in call would bring them. Those of the last user are good no more. */
  signIn(claims?: TestClaims): TokenSet
  /** The access token in use is refused from now on; a refresh brings the next. */
  expireAccessToken(): void
  /** The refresh token is refused from now on: the next refresh ends the session. */
  endSession(): void
  /** Answers the calls of the refresh endpoint. */
  readonly refresh: Resolver
  /** Answers 401 to whoever comes without a good access token, and leaves the others to `resolver`. */
  protect<Info extends { request: Request }>(resolver: Resolver<Info>): Resolver<Info>
  /** How many refreshes it was asked for. */
  readonly refreshCount: number
}

export function createTestServer(options: TestServerOptions = {}): TestServer {
  const { protocol = 'headers', expiresIn = 900 } = checkOptions('createTestServer', options, {
    protocol: oneOf('headers', 'json', 'form', 'cookie'),
    expiresIn: [(seconds) => typeof seconds === 'number' && seconds >= 0, 'a number of seconds'],
  })
  const isForm = protocol === 'form'
  let claims: TestClaims = {}
  let issued = 0
  let refreshCount = 0
  let accessToken: string | undefined
  let refreshToken: string | undefined

  function issue(): TokenSet {
    issued++
    const iat = Math.floor(Date.now() / 1000)
    accessToken = makeJwt({ iat, exp: iat + expiresIn, ...claims, jti: `${issued}` })
    refreshToken = `refresh-${issued}`
    // What a cookie holds, no script sees.
    return { accessToken, expiresIn, ...(protocol === 'cookie' ? undefined : { refreshToken }) }
  }

  async function brings(request: Request): Promise<boolean> {
    if (refreshToken === undefined) return false
    switch (protocol) {
      case 'headers':
        return request.headers.get('Refresh') === refreshToken
      case 'json':
        return (await request.json()).refreshToken === refreshToken
      case 'form':
        return new URLSearchParams(await request.text()).get('refresh_token') === refreshToken
      case 'cookie':
        return true
    }
  }

  return {
    signIn(of = {}) {
      claims = of
      return issue()
    },
    expireAccessToken() {
      accessToken = undefined
    },
    endSession() {
      accessToken = undefined
      refreshToken = undefined
    },
    async refresh({ request }) {
      refreshCount++
      if (!(await brings(request.clone()))) {
        return isForm
          ? Response.json({ error: 'invalid_grant' }, { status: 400 })
          : Response.json({ message: 'unauthorized' }, { status: 401 })
      }
      const tokens = issue()
      return Response.json(
        isForm
          ? {
              access_token: tokens.accessToken,
              refresh_token: tokens.refreshToken,
              token_type: 'Bearer',
              expires_in: expiresIn,
            }
          : tokens,
      )
    },
    protect: (resolver) => (info) =>
      accessToken !== undefined && info.request.headers.get('Authorization') === `Bearer ${accessToken}`
        ? resolver(info)
        : Response.json({ message: 'unauthorized' }, { status: 401 }),
    get refreshCount() {
      return refreshCount
    },
  }
}

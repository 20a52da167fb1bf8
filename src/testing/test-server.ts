import type { TokenSet } from '../core/tokens.js'
import { aFunction, checkOptions, oneOf, seconds, yesOrNo } from '../development/check-options.js'
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
   * What the refresh endpoint expects. `headers` and `json` accept the refresh token in any header or in the body, as
   * `headerPair`, `jsonRefresh`, `jsonPair` and `bearerRefresh` send it; `form` answers as `oauth2` expects; `bearer` issues
   * no refresh token, so that the expired access token brings the next.
   *
   * @default 'headers'
   */
  protocol?: 'headers' | 'json' | 'form' | 'cookie' | 'bearer'
  /** How the refresh endpoint answers, for servers that have a shape of their own. */
  reply?: (tokens: TokenSet) => Response
  /**
   * Whether a refresh brings the next refresh token, and the one before is good no more. If not, replies have none.
   *
   * @default true
   */
  rotates?: boolean
  /** Lifetime of each access token, in seconds. @default 900 */
  expiresIn?: number
}

/** An API and its auth server, as far as a test of an app needs them. A refresh token is good once, unless it is said otherwise. */
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

/** OAuth 2.0, RFC 6749 section 5.1. */
const replyInForm = ({ accessToken, refreshToken, expiresIn }: TokenSet): Response =>
  Response.json({
    access_token: accessToken,
    refresh_token: refreshToken,
    token_type: 'Bearer',
    expires_in: expiresIn,
  })

const withoutRefreshToken = ({ refreshToken, ...rest }: TokenSet): TokenSet => rest

export function createTestServer(options: TestServerOptions = {}): TestServer {
  const checked = checkOptions('createTestServer', options, {
    protocol: oneOf('headers', 'json', 'form', 'cookie', 'bearer'),
    reply: aFunction,
    rotates: yesOrNo,
    expiresIn: seconds,
  })
  const { protocol = 'headers', rotates = true, expiresIn = 900 } = checked
  const { reply = protocol === 'form' ? replyInForm : (tokens) => Response.json(tokens) } = checked
  const hasRefreshToken = protocol !== 'cookie' && protocol !== 'bearer'
  let claims: TestClaims = {}
  let issued = 0
  let refreshCount = 0
  let tokens: TokenSet | undefined
  let isExpired = false

  function issue(kept?: string): TokenSet {
    issued++
    isExpired = false
    const iat = Math.floor(Date.now() / 1000)
    const accessToken = makeJwt({ iat, exp: iat + expiresIn, ...claims, jti: `${issued}` })
    const refreshToken = kept ?? `refresh-${issued}-token`
    tokens = { accessToken, expiresIn, ...(hasRefreshToken && { refreshToken }) }
    return tokens
  }

  /** Whether the request brings what is good for a refresh. What a cookie holds, nobody sees. */
  async function brings(request: Request): Promise<boolean> {
    if (!tokens || protocol === 'cookie') return !!tokens
    const text = [...request.headers.values(), await request.text()].join()
    return text.includes(hasRefreshToken ? `${tokens.refreshToken}` : tokens.accessToken)
  }

  return {
    signIn(of = {}) {
      claims = of
      return issue()
    },
    expireAccessToken() {
      isExpired = true
    },
    endSession() {
      tokens = undefined
    },
    async refresh({ request }) {
      refreshCount++
      if (await brings(request.clone()))
        return reply(rotates ? issue() : withoutRefreshToken(issue(tokens?.refreshToken)))
      return protocol === 'form'
        ? Response.json({ error: 'invalid_grant' }, { status: 400 })
        : Response.json({ message: 'unauthorized' }, { status: 401 })
    },
    protect: (resolver) => (info) =>
      tokens && !isExpired && info.request.headers.get('Authorization') === `Bearer ${tokens.accessToken}`
        ? resolver(info)
        : Response.json({ message: 'unauthorized' }, { status: 401 }),
    get refreshCount() {
      return refreshCount
    },
  }
}

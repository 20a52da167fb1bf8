import { AuthError } from '../core/errors.js'
import { isObject } from '../core/is-object.js'
import { yesOrNo } from '../core/options.js'
import type { TokenSet } from '../core/tokens.js'
import type { RefreshEndpoint, RefreshRequest } from '../http/refresh-endpoint.js'
import { describeReply, oauthErrorOf, type RefreshVerdict } from '../http/refresh-reply.js'
import { fieldOf, type Reply } from '../http/reply.js'
import { dpopOnDemand } from './dpop-on-demand.js'
import { asForm } from './send-tokens.js'
import {
  endpointOf,
  fields as fieldsRule,
  readServerOptions,
  type ServerOptions,
  string,
} from './server-options.js'
import type { SignOutEndpoint } from './sign-out-endpoint.js'
import { tokensAt } from './tokens-at.js'

export interface OAuth2Options extends ServerOptions {
  /** Of the token endpoint. */
  url: string | URL
  clientId: string
  /** Further fields of the refresh: `scope`, `resource` … */
  fields?: Record<string, string>
  /** Of the revocation endpoint (RFC 7009), or whatever else wants to be told at sign-out. */
  signOut?: string | URL | SignOutEndpoint
  /**
   * Whether tokens are bound to a key of this browser (RFC 9449). Then every request with the token carries a proof, and a
   * token without such a bond is refused.
   *
   * @default false
   */
  dpop?: boolean
}

/**
 * OAuth 2.0 and OpenID Connect, as a public client: Keycloak, Auth0, oidc-provider …
 *
 * ```http
 * POST /oauth2/token
 * Content-Type: application/x-www-form-urlencoded
 *
 * grant_type=refresh_token&client_id=…&refresh_token=…
 *
 * 200 {"access_token":"…","token_type":"Bearer","expires_in":300,"refresh_token":"…"}
 * 400 {"error":"invalid_grant"}    the session has ended; Auth0 answers 403
 * ```
 *
 * RFC 6749 sections 5 and 6, whose `token_type` is demanded; `signOut` by RFC 7009, `dpop` by RFC 9449. How users sign in
 * is the app's affair (by authorization code and PKCE): give `session.setTokens` what the token endpoint answered.
 */
export function oauth2(options: OAuth2Options): RefreshEndpoint {
  const { clientId, fields, signOut, dpop, ...rest } = readServerOptions('oauth2', options, {
    clientId: string,
    fields: fieldsRule,
    dpop: yesOrNo,
  })
  if (clientId === undefined) throw new TypeError('oauth2: clientId takes a string')
  const read = tokensAt({
    accessToken: 'access_token',
    refreshToken: 'refresh_token',
    expiresIn: 'expires_in',
  })
  const type = dpop ? 'DPoP' : 'Bearer'
  /** No token of a type that is not understood (section 7.1), and none less bound than was asked for. */
  function readOurType(reply: Reply): TokenSet | null {
    const tokens = read(reply)
    if (tokens && String(fieldOf(reply.body, 'token_type')).toLowerCase() !== type.toLowerCase()) {
      const what = `The token_type of the reply is not ${type}: ${describeReply(reply)}`
      throw new AuthError('REFRESH_REFUSED', what, { status: reply.status })
    }
    return tokens
  }
  const revocation = ({ accessToken, refreshToken }: TokenSet): RefreshRequest =>
    asForm({
      token: refreshToken ?? accessToken,
      token_type_hint: refreshToken === undefined ? 'access_token' : 'refresh_token',
      client_id: clientId,
    })
  return endpointOf('oauth2', {
    ...rest,
    send: ({ refreshToken }) =>
      refreshToken === undefined
        ? null
        : asForm({
            grant_type: 'refresh_token',
            client_id: clientId,
            ...fields,
            refresh_token: refreshToken,
          }),
    parse: readOurType,
    classify: onlyInvalidGrantEnds,
    ...(signOut !== undefined && {
      signOut:
        typeof signOut === 'string' || signOut instanceof URL ? { url: signOut, send: revocation } : signOut,
    }),
    ...(dpop && dpopOnDemand(clientId)),
  })
}

/** Nothing but `invalid_grant` says that the refresh token is dead (RFC 6749 section 5.2); a 401 is about the client. */
const onlyInvalidGrantEnds = ({ status, body }: Reply): RefreshVerdict | undefined =>
  oauthErrorOf(body) !== 'invalid_grant' && (status === 401 || (status === 403 && isObject(body)))
    ? 'misconfigured'
    : undefined

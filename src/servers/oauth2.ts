import { authError } from '../core/errors.js'
import { fieldOf, isObject, ownFields } from '../core/own-fields.js'
import type { TokenSet } from '../core/tokens.js'
import { yesOrNo } from '../development/check-options.js'
import { describeReply } from '../development/describe-reply.js'
import { isDevelopment } from '../development/is-development.js'
import { checkServerOptions, fieldsRule, textRule } from '../development/server-options.js'
import type { RefreshEndpoint } from '../http/refresh-endpoint.js'
import { oauthErrorOf, type RefreshVerdict } from '../http/refresh-reply.js'
import type { Reply } from '../http/reply.js'
import { dpopOnDemand } from './dpop-on-demand.js'
import { formRequest } from './send-tokens.js'
import { serverEndpoint } from './server-endpoint.js'
import type { ServerOptions } from './server-options.js'
import type { SignOutEndpoint } from './sign-out-endpoint.js'
import { type TokenReader, tokensAt } from './tokens-at.js'

export interface OAuth2Options extends ServerOptions {
  /** URL of the token endpoint. */
  url: string | URL
  clientId: string
  /** Further fields of the refresh, such as `scope` and `resource`. */
  fields?: Record<string, string>
  /** URL of the revocation endpoint (RFC 7009). It gets the refresh token, or the access token where there is no other. */
  signOut?: string | URL | SignOutEndpoint
  /**
   * Whether tokens are bound to a key of this browser (RFC 9449). Then every request with the token carries a proof, and a
   * token that is not bound is refused.
   *
   * @default false
   */
  dpop?: boolean
}

/**
 * OAuth 2.0 and OpenID Connect, as a public client: Keycloak, Auth0, Laravel Passport, oidc-provider …
 *
 * ```http
 * POST /oauth2/token
 * Content-Type: application/x-www-form-urlencoded
 *
 * grant_type=refresh_token&client_id=…&refresh_token=…
 *
 * 200 {"access_token":"…","token_type":"Bearer","expires_in":300,"refresh_token":"…"}
 * 400 {"error":"invalid_grant"}    the session has ended; Auth0 answers 403
 * 401 {"error":"invalid_request","hint":"…"}    the same, from older versions of Laravel Passport
 * ```
 *
 * By RFC 6749 sections 5 and 6, and the reply must have a `token_type`; `signOut` by RFC 7009, `dpop` by RFC 9449. How users
 * sign in is up to the app (by authorization code and PKCE): give `session.setTokens` the reply of the token endpoint.
 */
export function oauth2(options: OAuth2Options): RefreshEndpoint {
  if (isDevelopment)
    checkServerOptions(
      'oauth2',
      options,
      { clientId: textRule, fields: fieldsRule('grant_type', 'client_id', 'refresh_token'), dpop: yesOrNo },
      ['clientId'],
    )
  const { clientId, fields, dpop } = ownFields(options)
  const constant = { ...fields, grant_type: 'refresh_token', client_id: clientId }
  return serverEndpoint(
    'oauth2',
    options,
    {
      send: ({ refreshToken }) =>
        refreshToken === undefined ? null : formRequest({ ...constant, refresh_token: refreshToken }),
      parse: tokensOfType(dpop ? 'DPoP' : 'Bearer'),
      classify,
      ...(dpop && dpopOnDemand(clientId)),
    },
    ({ accessToken, refreshToken }) =>
      formRequest({
        token: refreshToken ?? accessToken,
        token_type_hint: refreshToken === undefined ? 'access_token' : 'refresh_token',
        client_id: clientId,
      }),
  )
}

/** Refuses a token of a type that the client does not understand (RFC 6749 section 7.1), or that is less bound than it asked for. */
function tokensOfType(type: 'Bearer' | 'DPoP'): TokenReader {
  const read = tokensAt({
    accessToken: 'access_token',
    refreshToken: 'refresh_token',
    expiresIn: 'expires_in',
  })
  return (reply): TokenSet | null => {
    const tokens = read(reply)
    if (tokens && String(fieldOf(reply.body, 'token_type')).toLowerCase() !== type.toLowerCase()) {
      const { status } = reply
      const detail = isDevelopment ? `${type}, ${describeReply(reply)}` : undefined
      throw authError('REFRESH_REFUSED', 'token_type', { status }, detail)
    }
    return tokens
  }
}

/** Only `invalid_grant` says that the refresh token is no longer good (RFC 6749 section 5.2); a 401 is about the client. */
function classify({ status, body }: Reply): RefreshVerdict | undefined {
  const error = oauthErrorOf(body)
  if (error === 'invalid_grant') return undefined
  // Before its version 9, league/oauth2-server (Laravel Passport) said so in words of its own, and of nothing else.
  if (status === 401 && error === 'invalid_request' && isText(fieldOf(body, 'hint'))) return 'ended'
  return status === 401 || (status === 403 && isObject(body)) ? 'misconfigured' : undefined
}

const isText = (value: unknown): boolean => typeof value === 'string'

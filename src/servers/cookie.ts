import { ownFields } from '../core/own-fields.js'
import { yesOrNo } from '../development/check-options.js'
import { isDevelopment } from '../development/is-development.js'
import { checkServerOptions, csrfRule, fieldNamesRule, headersRule } from '../development/server-options.js'
import type { RefreshEndpoint, RefreshRequest } from '../http/refresh-endpoint.js'
import { isPage } from '../http/reply.js'
import { readCookie } from './read-cookie.js'
import { rememberSignOut } from './remember-sign-out.js'
import { mergeHeaders } from './send-tokens.js'
import { serverEndpoint } from './server-endpoint.js'
import type { OneTokenServerOptions } from './server-options.js'
import { tokensByName } from './tokens-by-name.js'

export interface CookieOptions extends OneTokenServerOptions {
  /** Further headers of the refresh call. It has `X-Requested-With` in any case, which a form of another site cannot send. */
  headers?: Record<string, string>
  /** For servers that want their CSRF token back in a header. */
  csrf?: {
    /** Name of the header, such as `X-CSRF-Token`. */
    header: string
    /** Name of the cookie with the token, or a function that returns the token: a page cannot read cookies of another site. */
    from: string | (() => string | null | undefined)
  }
  /**
   * Whether to ask at the start if the cookie still holds a session. After a sign-out that the server has not heard of, the
   * start tells it again instead, until `setTokens` is called. Where users sign in at a page of the server, and `setTokens`
   * is never called, spread it with `silentStart: true`, which always asks.
   *
   * @default true
   */
  silentStart?: boolean
}

/**
 * Leaves the refresh token in an `HttpOnly` cookie, which no script sees; the page keeps the access token alone. Cookies go
 * with the refresh and the sign-out, across origins too, and with no other request.
 *
 * ```http
 * POST /auth/refresh
 * Cookie: refreshToken=…
 * X-Requested-With: latchkey
 *
 * 200 {"accessToken":"…"}    and the next cookie
 * 401                        there is no cookie: nobody is signed in
 * 403 Forbidden              the cookie is no longer good: the session has ended
 * ```
 *
 * As nine public Express samples do it, some by GET: then spread it with `method: 'GET'`. Across origins the server must
 * answer `Access-Control-Allow-Credentials: true`, and allow the headers. `names` has the name of the field in the reply,
 * with dots into nested objects.
 */
export function cookie(options: CookieOptions): RefreshEndpoint {
  if (isDevelopment)
    checkServerOptions('cookie', options, {
      names: fieldNamesRule({ accessToken: 'accessToken' }),
      headers: headersRule,
      csrf: csrfRule,
      silentStart: yesOrNo,
    })
  const { names, headers, csrf, silentStart = true } = ownFields(options)
  const constant: [string, string][] = [['X-Requested-With', 'latchkey'], ...Object.entries(headers ?? {})]
  const endpoint = serverEndpoint('cookie', options, {
    send: withCsrfToken(constant, csrf),
    credentials: 'include',
    silentStart,
    ...(names && { parse: tokensByName(names) }),
    // Express's `sendStatus(403)` is a text; a page of HTML comes from a firewall.
    classify: (reply) => (reply.status === 403 && !isPage(reply) ? 'ended' : undefined),
  })
  return silentStart ? rememberSignOut(endpoint) : endpoint
}

/** The CSRF token is read at each call, because the server may change it. */
function withCsrfToken(constant: [string, string][], csrf: CookieOptions['csrf']): () => RefreshRequest {
  if (!csrf) return () => ({ headers: mergeHeaders(...constant) })
  const { header, from } = ownFields(csrf)
  return () => {
    const token = typeof from === 'function' ? from() : readCookie(from)
    return { headers: mergeHeaders(...constant, ...(token ? [[header, token] as [string, string]] : [])) }
  }
}

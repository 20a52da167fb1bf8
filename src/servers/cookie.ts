import { isObject, ownFields } from '../core/own-fields.js'
import { oneOf, yesOrNo } from '../development/check-options.js'
import { isDevelopment } from '../development/is-development.js'
import { checkServerOptions, csrfRule, fieldNamesRule, headersRule } from '../development/server-options.js'
import type { RefreshEndpoint } from '../http/refresh-endpoint.js'
import { isPage, type Reply } from '../http/reply.js'
import { bothInCookies } from './both-in-cookies.js'
import { readCookie } from './read-cookie.js'
import { rememberSignOut } from './remember-sign-out.js'
import { mergeHeaders } from './send-tokens.js'
import { serverEndpoint } from './server-endpoint.js'
import type { OneTokenServerOptions } from './server-options.js'
import { tokensByName } from './tokens-by-name.js'

export interface CookieOptions extends OneTokenServerOptions {
  /**
   * `'cookie'`: the access token is in an `HttpOnly` cookie as well, so that no token reaches the page. Requests to the
   * allowed origins go with cookies and without a token in a header, and with the CSRF token where they may change
   * something. Give `signOut`, since no script can remove such a cookie.
   */
  accessToken?: 'cookie'
  /** Further headers of the refresh call. */
  headers?: Record<string, string>
  /**
   * Whether the refresh and the sign-out have `X-Requested-With`, which a form of another site cannot send. `false` is for
   * servers on another origin whose CORS does not allow it, as those of Directus and Strapi do not.
   *
   * @default true
   */
  xRequestedWith?: boolean
  /** For servers that want their CSRF token back in a header: of the refresh, and with `accessToken: 'cookie'` of other requests. */
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
 * Leaves the refresh token in an `HttpOnly` cookie, which no script sees; the page keeps the access token alone, or with
 * `accessToken: 'cookie'` none. Cookies go with the refresh and the sign-out, across origins too, and with no other request
 * where the page has the access token.
 *
 * ```http
 * POST /auth/refresh
 * Cookie: refreshToken=…
 * X-Requested-With: latchkey
 *
 * 200 {"accessToken":"…"}    and the next cookie
 * 401                        there is no cookie: nobody is signed in
 * 403 Forbidden              the cookie is no longer good: the session has ended
 * 400 {"message":"Missing refresh token"}    there is no cookie, as some servers say it
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
      xRequestedWith: yesOrNo,
      csrf: csrfRule,
      accessToken: oneOf('cookie'),
      silentStart: yesOrNo,
    })
  const { names, headers = {}, csrf, silentStart = true, accessToken, signOut } = ownFields(options)
  const { xRequestedWith = true } = ownFields(options)
  const constant = Object.entries({ ...(xRequestedWith && { 'X-Requested-With': 'latchkey' }), ...headers })
  const csrfEntries = readCsrfToken(csrf)
  const endpoint = serverEndpoint('cookie', options, {
    send: () => ({ headers: mergeHeaders(...constant, ...csrfEntries()) }),
    credentials: 'include',
    silentStart,
    ...(names && { parse: tokensByName(names) }),
    classify: (reply) => (isRefused(reply) ? 'ended' : undefined),
    ...(accessToken && bothInCookies(() => mergeHeaders(...csrfEntries()))),
  })
  // The access token stays in its cookie then, which is told as for a server that was not reached.
  if (accessToken && signOut === undefined) endpoint.signOut = () => Promise.reject(new Error('no signOut'))
  return silentStart ? rememberSignOut(endpoint) : endpoint
}

/**
 * Express's `sendStatus(403)` is a text; a page of HTML comes from a firewall. Directus and Strapi answer a missing cookie with
 * a 400 that names the refresh token.
 */
const isRefused = (reply: Reply): boolean =>
  reply.status === 403
    ? !isPage(reply)
    : reply.status === 400 && isObject(reply.body) && /refresh.?token/i.test(JSON.stringify(reply.body))

/** The header with the CSRF token, which is read at each call, because the server may change it. */
function readCsrfToken(csrf: CookieOptions['csrf']): () => [string, string][] {
  if (!csrf) return () => []
  const { header, from } = ownFields(csrf)
  return () => {
    const token = typeof from === 'function' ? from() : readCookie(from)
    return token ? [[header, token]] : []
  }
}

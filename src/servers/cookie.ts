import { yesOrNo } from '../core/options.js'
import { ownFields } from '../core/own-fields.js'
import type { RefreshEndpoint, RefreshRequest } from '../http/refresh-endpoint.js'
import type { TokenNames } from '../http/refresh-reply.js'
import { fieldOf } from '../http/reply.js'
import { endpointOf, readServerOptions, type ServerOptions, strings, tokenNames } from './server-options.js'
import { tokensAt } from './tokens-at.js'

export interface CookieOptions extends ServerOptions {
  /**
   * Where the reply calls its token something else, with dots into nested objects.
   *
   * @default `accessToken` or `access_token`, at the top level or under `data`
   */
  names?: Pick<TokenNames, 'accessToken'>
  /** Further headers of the refresh call. It has `X-Requested-With` in any case, which no other site's form can send. */
  headers?: Record<string, string>
  /** For servers that want their CSRF token back in a header. */
  csrf?: {
    /** Such as `X-CSRF-Token`. */
    header: string
    /** Name of the cookie that holds it, or a function that knows it: a page cannot read another site's cookies. */
    from: string | (() => string | null | undefined)
  }
  /**
   * Whether to ask at the start if the cookie still holds a session.
   *
   * @default true
   */
  silentStart?: boolean
}

/**
 * The refresh token in an `HttpOnly` cookie, which no script sees; the page keeps the access token alone. Cookies go along
 * on the refresh and the sign-out, across origins too, and on no other request.
 *
 * ```http
 * POST /auth/refresh
 * Cookie: refreshToken=…
 * X-Requested-With: latchkey
 *
 * 200 {"accessToken":"…"}    and the next cookie
 * 401                        there is no cookie: nobody is signed in
 * 403 Forbidden              it is no longer good: the session has ended
 * ```
 *
 * As nine public Express samples do it, some by GET: then spread it with `method: 'GET'`. Across origins the server must
 * answer `Access-Control-Allow-Credentials: true`, and allow the headers.
 */
export function cookie(options: CookieOptions): RefreshEndpoint {
  const {
    names,
    headers,
    csrf,
    silentStart = true,
    ...rest
  } = readServerOptions('cookie', options, {
    names: tokenNames,
    headers: strings,
    csrf: [isCsrf, "an object with 'header' and 'from'"],
    silentStart: yesOrNo,
  })
  const { accessToken } = ownFields(names)
  const send = (): RefreshRequest => {
    const token = csrf && (typeof csrf.from === 'string' ? readCookie(csrf.from) : csrf.from())
    return {
      headers: { 'X-Requested-With': 'latchkey', ...headers, ...(csrf && token && { [csrf.header]: token }) },
    }
  }
  return endpointOf('cookie', {
    ...rest,
    send,
    credentials: 'include',
    silentStart,
    ...(accessToken && { parse: tokensAt({ accessToken }) }),
    // Express's `sendStatus(403)` is a text; a page of HTML is some firewall's.
    classify: ({ status, header }) =>
      status === 403 && !/html/i.test(header('Content-Type') ?? '') ? 'ended' : undefined,
  })
}

const isCsrf = (csrf: unknown): boolean =>
  typeof fieldOf(csrf, 'header') === 'string' && /^(string|function)$/.test(typeof fieldOf(csrf, 'from'))

function readCookie(name: string): string | undefined {
  const cookies = globalThis.document?.cookie.split('; ') ?? []
  const value = cookies.find((each) => each.startsWith(`${name}=`))?.slice(name.length + 1)
  try {
    return value && decodeURIComponent(value)
  } catch {
    return value
  }
}

import type { RefreshTiming } from '../core/expiry.js'
import { ownFields } from '../core/own-fields.js'
import type { SilentStart } from '../core/session-parts.js'
import type { TokenSet } from '../core/tokens.js'
import { checkEndpointOptions, urlRule } from '../development/endpoint-options.js'
import { isDevelopment } from '../development/is-development.js'
import { isSafeTransport, parseUrl } from './origin-policy.js'
import type { RefreshReply, RefreshVerdict } from './refresh-reply.js'
import type { Reply } from './reply.js'

/** Headers, body and query of one call of the refresh endpoint. */
export interface RefreshRequest {
  headers?: Record<string, string>
  body?: string
  /** Added to the query of the endpoint's URL. */
  query?: Record<string, string>
}

/** Where a request with the access token goes. */
export interface RequestTarget {
  /** In upper case. */
  method: string
  /** Origin and path, without query and fragment. */
  url: string
}

/** How a server wants to be asked for a new access token. The functions of `latchkey/servers` make them. */
export interface RefreshEndpoint {
  /** https, or http on this machine; relative to the page where it is no full URL. */
  url: string | URL
  /** @default 'POST' */
  method?: 'POST' | 'GET'
  /** Makes the refresh call; `null` where these tokens cannot be refreshed, such as for want of a refresh token. */
  send: (tokens: TokenSet) => RefreshRequest | null
  /**
   * When the server accepts a refresh.
   *
   * @default 'any'
   */
  timing?: RefreshTiming
  /**
   * Whether cookies go to another origin too.
   *
   * @default 'same-origin'
   */
  credentials?: 'include' | 'same-origin' | 'omit'
  /**
   * Finds the tokens in a reply; `null` where there is none, whatever the status.
   *
   * @default `accessToken` or `access_token` and so on, at the top level of the JSON, under `data`, or in headers
   */
  parse?: (reply: RefreshReply) => TokenSet | null
  /** What a reply without a token means; `undefined` leaves that to the defaults. */
  classify?: (reply: RefreshReply) => RefreshVerdict | undefined
  /** Whether a reply of the API says that the access token has expired. The session's own option comes first. */
  isExpired?: (reply: Reply) => boolean
  /**
   * Sees each reply of the API to a request with the token. Returns the tokens that it brings, for servers that refresh on
   * their own, or `'again'` to have the request authorized and sent once more.
   */
  onReply?: (reply: Reply, request: RequestTarget) => TokenSet | 'again' | null | undefined
  /** Tells the server that the user signs out. Nobody waits for it; where it rejects, a warning is emitted. */
  signOut?: (tokens: TokenSet) => unknown
  /**
   * The headers that authorize a request.
   *
   * @default `Authorization: Bearer <access token>`
   */
  authorize?: (
    accessToken: string,
    request: RequestTarget,
  ) => Record<string, string> | Promise<Record<string, string>>
  /**
   * Whether requests to the allowed origins go with cookies, across origins too: for an access token in an `HttpOnly` cookie.
   *
   * @default false
   */
  withCredentials?: boolean
  /**
   * Whether to ask for a session at the start, when the store holds none: for cookies that no script can see. An object
   * decides that at each start, and is told of each sign-out and sign-in: where it says no, `signOut` is called again, with
   * an empty access token, since the server may not have heard of the sign-out.
   *
   * @default false
   */
  silentStart?: boolean | SilentStart
  /** Sends the refresh call. @default the global `fetch` */
  fetch?: (url: string, init: RequestInit) => Promise<Response>
}

/** An endpoint whose address is settled. */
export interface CheckedEndpoint extends RefreshEndpoint {
  readonly url: string
}

/** Throws a `TypeError` for an endpoint that cannot be meant, or whose URL would expose the tokens. */
export function checkEndpoint(endpoint: RefreshEndpoint, page: string | undefined): CheckedEndpoint {
  if (isDevelopment) checkEndpointOptions(endpoint)
  const own = ownFields(endpoint)
  if (typeof own.send !== 'function') {
    throw new TypeError(isDevelopment ? 'refresh: send takes a function' : 'refresh: send')
  }
  return ownFields({ ...own, url: safeUrl('refresh: url', own.url, page) })
}

/**
 * The full URL of an endpoint that receives tokens. What the page's URL is now counts, since a `<base>` that comes later
 * must not lead the tokens elsewhere. Where there is no page, a relative URL stays relative.
 *
 * Throws a `TypeError` for anything else than https, or http where that is safe. A relative URL must stay on the page's
 * origin: `//host` and `/\\host` do not.
 */
export function safeUrl(option: string, url: unknown, page: string | undefined): string {
  const base = page ?? 'https://page.invalid'
  const isUrl = (typeof url === 'string' && url !== '') || url instanceof URL
  const target = isUrl ? parseUrl(String(url), base) : undefined
  const isFull = isUrl && parseUrl(String(url)) !== undefined
  const isSafe =
    target &&
    !target.username &&
    !target.password &&
    !target.hash &&
    isSafeTransport(target, page) &&
    (isFull || target.origin === new URL(base).origin)
  if (!isSafe) throw new TypeError(isDevelopment ? `${option} takes ${urlRule}` : option)
  return isFull || page !== undefined ? target.href : String(url)
}

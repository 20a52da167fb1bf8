import type { RefreshTiming } from '../core/expiry.js'
import { isObject } from '../core/is-object.js'
import { aFunction, checkOptions, oneOf, yesOrNo } from '../core/options.js'
import { ownFields } from '../core/own-fields.js'
import type { TokenSet } from '../core/tokens.js'
import type { RefreshReply, RefreshVerdict } from './refresh-reply.js'
import type { Reply } from './reply.js'
import { isSafeTransport, parseUrl } from './request-policy.js'

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
   * Whether to ask for a session at the start, when the store holds none: for cookies that no script can see.
   *
   * @default false
   */
  silentStart?: boolean
  /** Sends the refresh call. @default the global `fetch` */
  fetch?: (url: string, init: RequestInit) => Promise<Response>
}

/** An endpoint whose address and defaults are settled. */
export type CheckedEndpoint = Readonly<RefreshEndpoint>

/** Throws a `TypeError` for an endpoint that cannot be meant. */
export function checkEndpoint(endpoint: RefreshEndpoint, page: string | undefined): CheckedEndpoint {
  const checked = checkOptions<RefreshEndpoint>('refresh', endpoint, {
    url: [
      (url) => (typeof url === 'string' || url instanceof URL) && isRefreshUrl(String(url), page),
      refreshUrlRule,
    ],
    method: oneOf('POST', 'GET'),
    send: aFunction,
    credentials: oneOf('include', 'same-origin', 'omit'),
    timing: oneOf('any', 'before-expiry', 'after-expiry'),
    parse: aFunction,
    classify: aFunction,
    isExpired: aFunction,
    onReply: aFunction,
    signOut: aFunction,
    authorize: aFunction,
    silentStart: yesOrNo,
    fetch: aFunction,
  })
  const { url, send } = checked
  if (!url) throw new TypeError(`refresh: url takes ${refreshUrlRule}`)
  if (!send) throw new TypeError('refresh: send takes a function')
  return ownFields({ credentials: 'same-origin', ...checked, url: String(url) })
}

export const refreshUrlRule =
  'a path, or a URL with https (http only for localhost, or the origin of a page with http), no user, no fragment'

/** A relative URL must stay on the page's origin: `//host` and `/\\host` do not. */
export function isRefreshUrl(url: string, page: string | undefined): boolean {
  const base = page ?? 'https://page.invalid'
  const target = parseUrl(url, base)
  if (!url || !target || target.username || target.password || target.hash) return false
  return (
    isSafeTransport(target, page) &&
    (parseUrl(url, undefined) !== undefined || target.origin === new URL(base).origin)
  )
}

export const areStrings = (record: unknown): boolean =>
  isObject(record) && Object.values(record).every((value) => typeof value === 'string')

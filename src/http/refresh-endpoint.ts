import type { RefreshTiming } from '../core/expiry.js'
import { isObject } from '../core/is-object.js'
import { aFunction, checkOptions, oneOf, yesOrNo } from '../core/options.js'
import { ownFields } from '../core/own-fields.js'
import type { TokenSet } from '../core/tokens.js'
import type { TokenProof } from './credentials.js'
import type { RefreshReply, RefreshVerdict } from './refresh-reply.js'
import { fieldOf, type Reply } from './reply.js'
import { isSafeTransport, parseUrl } from './request-policy.js'
import type { SignOutEndpoint } from './sign-out-call.js'

/** How a server wants to be asked for a new access token. */
export interface RefreshEndpoint {
  /** https, or http on this machine; relative to the page where it is no full URL. */
  url: string | URL
  /** @default 'POST' */
  method?: 'POST' | 'GET'
  /**
   * - `headers` (default): `Authorization: Bearer <access token>` and `Refresh: <refresh token>`
   * - `json`: `{ accessToken, refreshToken }`
   * - `form`: OAuth 2.0, RFC 6749 section 6
   * - `cookie`: nothing but the cookies, which the server set; with `X-Requested-With`, so that it can tell the call from
   *   another site's form
   */
  send?: 'headers' | 'json' | 'form' | 'cookie' | ((tokens: TokenSet) => RefreshRequest)
  /**
   * Other names for the headers or fields; `''` leaves that token out. What is called `Authorization` gets `Bearer`. Where
   * `send` is a function: a name for the refresh token says that there is no refresh without one.
   */
  names?: { accessToken?: string; refreshToken?: string }
  /** Further fields that are always the same, such as `client_id`. */
  fields?: Record<string, string>
  /** When the server takes a refresh. Default: `after-expiry` for `headers`, else `any`. */
  timing?: RefreshTiming
  /**
   * Whether cookies go to another origin too.
   *
   * @default 'include' for `cookie`, else 'same-origin'
   */
  credentials?: 'include' | 'same-origin' | 'omit'
  /** Finds the tokens in a reply; `null` when there is none, whatever the status. */
  parse?: (reply: RefreshReply) => TokenSet | null
  /** What a reply without a token means; `undefined` where the defaults know better. */
  classify?: (reply: RefreshReply) => RefreshVerdict | undefined
  /** Whether a reply of the API says that the access token is no longer good. The session's own option comes first. */
  isExpired?: (reply: Reply) => boolean
  /** Finds new tokens on any reply of the API, for servers that renew on their own. */
  parseAny?: (reply: Reply) => TokenSet | null
  /** Told at sign-out, as far as it can be reached; nobody waits for it. A URL gets the request of a refresh, by POST. */
  signOut?: string | URL | SignOutEndpoint
  /**
   * Whether to ask for a session at the start, when the store holds none: for cookies that no script can see.
   *
   * @default false
   */
  silentStart?: boolean
  /** For tokens that are good only with a proof that the sender holds a key, as `oauth2({ dpop: true })` of `latchkey/servers`. */
  proof?: TokenProof
}

export interface RefreshRequest {
  headers?: Record<string, string>
  body?: string
}

/** A `token` (RFC 9110 section 5.6.2), with brackets for form fields, or nothing. No page may set a `Cookie` header. */
const fieldName = /^(?!cookie$)[\w!#$%&'*+.^`|~[\]-]*$/i

const areStrings = (record: unknown, syntax: RegExp): boolean =>
  isObject(record) && Object.values(record).every((value) => typeof value === 'string' && syntax.test(value))

/** An endpoint whose addresses and defaults are settled. */
export type CheckedEndpoint = Readonly<Omit<RefreshEndpoint, 'signOut'> & { signOut?: SignOutEndpoint }>

/** Throws a `TypeError` for an endpoint that cannot be meant. */
export function checkEndpoint(endpoint: RefreshEndpoint, page: string | undefined): CheckedEndpoint {
  const isUrl = (url: unknown): boolean =>
    (typeof url === 'string' || url instanceof URL) && isRefreshUrl(String(url), page)
  const checked = checkOptions<RefreshEndpoint>('refresh', endpoint, {
    url: [isUrl, refreshUrlRule],
    method: oneOf('POST', 'GET'),
    send: [
      (send) => typeof send === 'function' || ['headers', 'json', 'form', 'cookie'].includes(send as string),
      "'headers', 'json', 'form', 'cookie' or a function",
    ],
    names: [
      (names) =>
        areStrings(names, fieldName) && areStrings(Object.keys(names as object), /^(access|refresh)Token$/),
      'names for accessToken and refreshToken',
    ],
    fields: [
      // RFC 6749 section 2.1.
      (fields) => areStrings(fields, /^/) && fieldOf(fields, 'client_secret') === undefined,
      'an object of strings, and no client_secret: a browser cannot keep one',
    ],
    credentials: oneOf('include', 'same-origin', 'omit'),
    timing: oneOf('any', 'before-expiry', 'after-expiry'),
    parse: aFunction,
    classify: aFunction,
    isExpired: aFunction,
    parseAny: aFunction,
    signOut: [
      (signOut) => isUrl(signOut) || isUrl(fieldOf(signOut, 'url')),
      `${refreshUrlRule}, or an object with such a url`,
    ],
    silentStart: yesOrNo,
    proof: [(proof) => typeof fieldOf(proof, 'headersFor') === 'function', 'what `latchkey/servers` makes'],
  })
  const { url, method, send, names, fields, signOut } = checked
  if (method === 'GET' && (send === 'json' || send === 'form')) {
    throw new TypeError(`refresh: method takes 'POST' with send '${send}'`)
  }
  if (!url) throw new TypeError(`refresh: url takes ${refreshUrlRule}`)
  // Copies, so that a later change of the originals has no effect.
  return ownFields({
    credentials: send === 'cookie' ? 'include' : 'same-origin',
    ...checked,
    url: String(url),
    names: ownFields(names),
    fields: ownFields(fields),
    ...(signOut && {
      signOut: ownFields(isUrl(signOut) ? { url: signOut as string } : (signOut as SignOutEndpoint)),
    }),
  } as CheckedEndpoint)
}

const refreshUrlRule =
  'a path, or a URL with https (http only for localhost, or the origin of a page with http), no user, no fragment'

/** A relative URL must stay on the page's origin: `//host` and `/\\host` do not. */
function isRefreshUrl(url: string, page: string | undefined): boolean {
  const base = page ?? 'https://page.invalid'
  const target = parseUrl(url, base)
  if (!url || !target || target.username || target.password || target.hash) return false
  return (
    isSafeTransport(target, page) &&
    (parseUrl(url, undefined) !== undefined || target.origin === new URL(base).origin)
  )
}

import { AuthError, isAuthError } from '../core/errors.js'
import type { RefreshTiming } from '../core/expiry.js'
import { aFunction, checkOptions, oneOf } from '../core/options.js'
import { ownFields } from '../core/own-fields.js'
import type { Renew } from '../core/refresh-coordinator.js'
import type { TokenSet } from '../core/tokens.js'
import type { TokenProof } from './credentials.js'
import { judgeReply, type RefreshReply, type RefreshVerdict } from './refresh-reply.js'
import { fieldOf, parseJson, type Reply } from './reply.js'
import { isSafeTransport, parseUrl } from './request-policy.js'

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
  /** Other names for the headers or fields. */
  names?: { accessToken?: string; refreshToken?: string }
  /** Further fields that are always the same, such as `client_id`. */
  fields?: Record<string, string>
  /** When the server takes a refresh. Default: `after-expiry` for `headers`, else `any`. */
  timing?: RefreshTiming
  /** Finds the tokens in a reply; `null` when there is none, whatever the status. */
  parse?: (reply: RefreshReply) => TokenSet | null
  classify?: (reply: RefreshReply) => RefreshVerdict
  /** For tokens that are good only with a proof that the sender holds a key, as `oauth2({ dpop: true })` of `latchkey/servers`. */
  proof?: TokenProof
}

export interface RefreshRequest {
  headers?: Record<string, string>
  body?: string
}

const longestReply = 2 ** 20

/** A `token` (RFC 9110 section 5.6.2), with brackets for form fields. No page may set a `Cookie` header. */
const fieldName = /^(?!cookie$)[\w!#$%&'*+.^`|~[\]-]+$/i

const areStrings = (record: unknown, syntax: RegExp): boolean =>
  typeof record === 'object' &&
  record !== null &&
  Object.values(record).every((value) => typeof value === 'string' && syntax.test(value))

/** Throws a `TypeError` for an endpoint that cannot be meant. */
export function checkEndpoint(
  endpoint: RefreshEndpoint,
  page: string | undefined,
): Readonly<RefreshEndpoint> {
  const checked = checkOptions<RefreshEndpoint>('refresh', endpoint, {
    url: [
      (url) => (typeof url === 'string' || url instanceof URL) && isRefreshUrl(String(url), page),
      refreshUrlRule,
    ],
    method: oneOf('POST', 'GET'),
    send: [
      (send) => typeof send === 'function' || ['headers', 'json', 'form', 'cookie'].includes(send as string),
      "'headers', 'json', 'form', 'cookie' or a function",
    ],
    names: [(names) => areStrings(names, fieldName), 'an object with names of headers or fields'],
    fields: [
      (fields) => areStrings(fields, /^/) && !Object.hasOwn(fields as object, 'client_secret'),
      'an object of strings, and no client_secret: a browser cannot keep one (RFC 6749 section 2.1)',
    ],
    timing: oneOf('any', 'before-expiry', 'after-expiry'),
    parse: aFunction,
    classify: aFunction,
    proof: [(proof) => typeof fieldOf(proof, 'headersFor') === 'function', 'what `latchkey/servers` makes'],
  })
  const { url, method, send, names, fields } = checked
  if (method === 'GET' && (send === 'json' || send === 'form')) {
    throw new TypeError(`refresh: method takes 'POST' with send '${send}', for a GET has no body`)
  }
  if (!url) throw new TypeError(`refresh: url takes ${refreshUrlRule}`)
  // Copies, so that a later change of the originals has no effect.
  return ownFields({ ...checked, url: String(url), names: ownFields(names), fields: ownFields(fields) })
}

const refreshUrlRule =
  'a path, or a URL with https (http only for localhost, or for the origin of a page with http), no user, no fragment'

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

function requestOf(
  { send = 'headers', names = {}, fields = {} }: RefreshEndpoint,
  tokens: TokenSet,
): RefreshRequest {
  if (typeof send === 'function') {
    const request: unknown = send(tokens)
    if (!(request instanceof Promise)) return request as RefreshRequest
    // An async one is not meant, and has no request to give.
    request.catch(() => {})
    throw new TypeError('async')
  }
  const { accessToken, refreshToken } = tokens
  if (send === 'headers') {
    const { accessToken: access = 'Authorization', refreshToken: refresh = 'Refresh' } = names
    const headers = {
      ...fields,
      [access]: /^authorization$/i.test(access) ? `Bearer ${accessToken}` : accessToken,
    }
    if (refreshToken !== undefined) headers[refresh] = refreshToken
    return { headers }
  }
  if (send === 'cookie') return { headers: { 'X-Requested-With': 'latchkey', ...fields } }
  const isForm = send === 'form'
  const {
    accessToken: access = isForm ? '' : 'accessToken',
    refreshToken: refresh = isForm ? 'refresh_token' : 'refreshToken',
  } = names
  const body: Record<string, string> = isForm ? { grant_type: 'refresh_token', ...fields } : { ...fields }
  if (access) body[access] = accessToken
  if (refreshToken !== undefined) body[refresh] = refreshToken
  return isForm
    ? {
        headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
        body: `${new URLSearchParams(body)}`,
      }
    : { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) }
}

async function readText(response: Response): Promise<string> {
  const reader = response.body?.getReader()
  if (!reader) return response.text()
  const decoder = new TextDecoder()
  let text = ''
  for (let length = 0; ; ) {
    const { done, value } = await reader.read()
    if (done) return text + decoder.decode()
    length += value.length
    if (length > longestReply) {
      reader.cancel().catch(() => {})
      throw new AuthError('REFRESH_FAILED', `The refresh reply is longer than ${longestReply} bytes`)
    }
    text += decoder.decode(value, { stream: true })
  }
}

function initOf(endpoint: RefreshEndpoint, tokens: TokenSet, signal: AbortSignal): RequestInit {
  const { headers, body } = ownFields(requestOf(endpoint, tokens))
  return ownFields({
    method: endpoint.method ?? 'POST',
    headers: new Headers({ Accept: 'application/json', ...headers }),
    ...(body === undefined ? undefined : { body }),
    // A redirect would carry the refresh token along (Fetch, "HTTP-redirect fetch" removes only Authorization).
    redirect: 'error',
    cache: 'no-store',
    referrerPolicy: 'no-referrer',
    credentials: endpoint.send === 'cookie' ? 'include' : 'same-origin',
    signal,
  })
}

/** The library's own transport: nothing of the app's clients is in its way, so that a refresh never waits for itself. */
async function call(url: string, init: RequestInit): Promise<Reply> {
  const response = await fetch(url, init)
  const { status, headers } = response
  const text = await readText(response)
  const body = parseJson(text)
  // WebKit hands over a reply that broke off as if it were whole (measured in WebKitGTK 2.50).
  if (body === text && text !== '' && /\bjson\b/.test(headers.get('Content-Type') ?? '')) {
    throw new AuthError('REFRESH_FAILED', 'The refresh reply broke off')
  }
  return { status, header: (name) => headers.get(name), body }
}

/** Makes the endpoint callable. Whatever happens becomes a `Renewal`. */
export function renewAt(
  endpoint: RefreshEndpoint,
  urlOf: () => string | undefined,
  now: () => number,
): Renew {
  return async (tokens, signal) => {
    let url: string
    let init: RequestInit
    try {
      const found = urlOf()
      if (found === undefined) throw new TypeError('relative to nothing')
      url = found
      init = initOf(endpoint, tokens, signal)
    } catch (thrown) {
      // Not as the cause: what an engine says of a header that it does not take quotes it.
      const name = thrown instanceof Error ? thrown.name : typeof thrown
      const error = new AuthError('REFRESH_REFUSED', `The refresh request cannot be made: ${name}`)
      return { kind: 'misconfigured', error }
    }
    let reply: Reply
    try {
      reply = await call(url, init)
    } catch (cause) {
      const error = isAuthError(cause)
        ? cause
        : new AuthError('REFRESH_FAILED', 'The refresh endpoint could not be reached', { cause })
      return { kind: 'retry', error, isUnknown: true }
    }
    return judgeReply(reply, endpoint, now())
  }
}

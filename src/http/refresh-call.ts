import { authError, isAuthError, nameOf } from '../core/errors.js'
import { ownFields } from '../core/own-fields.js'
import type { CallRefresh, RefreshOutcome } from '../core/refresh-outcome.js'
import type { TokenSet } from '../core/tokens.js'
import { isDevelopment } from '../development/is-development.js'
import { askAtFirstRefusal, hintAtReply } from '../development/refresh-hints.js'
import { whyUnreachable } from '../development/why-unreachable.js'
import type { CheckedEndpoint, RefreshRequest } from './refresh-endpoint.js'
import { judgeReply } from './refresh-reply.js'
import { parseJson } from './reply.js'
import { readText } from './response-text.js'

const longestReply = 2 ** 20

/** Makes the endpoint callable. Whatever happens becomes an outcome. */
export function createRefreshCall(endpoint: CheckedEndpoint, now: () => number): CallRefresh {
  // The library's own transport: none of the app's interceptors is in its way, so that a refresh never waits for itself.
  const { url, method = 'POST', credentials = 'same-origin' } = endpoint
  const send = endpoint.fetch ?? ((url, init) => fetch(url, init))

  async function call(tokens: TokenSet, ...args: Parameters<typeof send>): Promise<RefreshOutcome> {
    const response = await send(...args)
    const { status, headers, type } = response
    const text = await readText(response, longestReply)
    if (text === undefined) throw authError('REFRESH_FAILED', 'too long')
    const body = parseJson(text)
    // WebKit hands over a reply that broke off as if it were whole (measured in WebKitGTK 2.50).
    if (body === text && text !== '' && /\bjson\b/.test(headers.get('Content-Type') ?? '')) {
      throw authError('REFRESH_FAILED', 'broken off')
    }
    const reply = { status, header: (name: string) => headers.get(name), body }
    const outcome = judgeReply(reply, endpoint, now(), tokens)
    if (isDevelopment) askAtFirstRefusal(outcome, tokens)
    return isDevelopment ? { ...outcome, hint: hintAtReply(reply, type === 'cors', outcome) } : outcome
  }

  return async (tokens, signal) => {
    let args: [url: string, init: RequestInit]
    try {
      const request = requestOf(endpoint, tokens)
      if (!request) throw new TypeError('send')
      args = fetchArgs(url, request, { method, credentials, signal })
    } catch (thrown) {
      // Not as the cause: what an engine says of a header that it does not accept quotes it.
      const error = authError('REFRESH_REFUSED', 'request', {}, nameOf(thrown))
      return { kind: 'misconfigured', error }
    }
    try {
      return await call(tokens, ...args)
    } catch (thrown) {
      if (isAuthError(thrown, 'REFRESH_REFUSED')) return { kind: 'misconfigured', error: thrown }
      // Not as the cause: what the app's own `fetch` throws may quote the request.
      const error = isAuthError(thrown)
        ? thrown
        : authError(
            'REFRESH_FAILED',
            'unreachable',
            {},
            isDevelopment ? whyUnreachable(thrown, ...args) : undefined,
          )
      return { kind: 'retry', error, isUnknown: true }
    }
  }
}

/** What the endpoint's `send` makes, as far as it is a request. */
export function requestOf({ send }: CheckedEndpoint, tokens: TokenSet): RefreshRequest | null {
  const request: unknown = send(tokens)
  if (!(request instanceof Promise)) return request ? ownFields(request as RefreshRequest) : null
  // An async one is not supported, and has no request to give.
  request.catch(() => {})
  throw new TypeError('async')
}

/**
 * What `fetch` gets for a call that carries a refresh token. Throws for a relative URL where there is no page, and where an
 * engine does not accept the request.
 */
export function fetchArgs(
  url: string,
  request: RefreshRequest,
  more: Pick<RequestInit, 'method' | 'credentials' | 'signal' | 'keepalive'>,
): [url: string, init: RequestInit] {
  const { headers, body, query } = ownFields(request)
  const target = new URL(url)
  for (const [name, value] of Object.entries(query ?? {})) target.searchParams.set(name, value)
  const all = new Headers({ Accept: 'application/json', ...headers })
  // Browsers drop the header, and `fetch` refuses the body, when it is too late to say why the refresh fails.
  if (all.has('Cookie') || (body !== undefined && more.method === 'GET'))
    throw new TypeError('Cookie or body')
  return [
    target.href,
    ownFields<RequestInit>({
      headers: all,
      ...(body !== undefined && { body }),
      // A redirect would carry the refresh token along (Fetch, "HTTP-redirect fetch" removes only Authorization).
      redirect: 'error',
      cache: 'no-store',
      referrerPolicy: 'no-referrer',
      ...more,
    }),
  ]
}

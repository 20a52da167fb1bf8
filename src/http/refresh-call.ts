import { AuthError, isAuthError, nameOf } from '../core/errors.js'
import type { SessionNews } from '../core/events.js'
import { isObject } from '../core/is-object.js'
import { ownFields } from '../core/own-fields.js'
import type { Renew, Renewal } from '../core/refresh-coordinator.js'
import type { TokenSet } from '../core/tokens.js'
import type { CheckedEndpoint, RefreshRequest } from './refresh-endpoint.js'
import { judgeReply } from './refresh-reply.js'
import { initOf } from './refresh-request.js'
import { parseJson, type Reply } from './reply.js'
import { readText } from './response-text.js'

const longestReply = 2 ** 20

interface Answer extends Reply {
  /** Whether the browser shows no headers but those that the server exposes. */
  isCrossOrigin: boolean
}

/** The library's own transport: nothing of the app's clients is in its way, so that a refresh never waits for itself. */
async function call(
  send: NonNullable<CheckedEndpoint['fetch']>,
  url: string,
  init: RequestInit,
): Promise<Answer> {
  const response = await send(url, init)
  const { status, headers, type } = response
  const text = await readText(response, longestReply)
  if (text === undefined) {
    throw new AuthError('REFRESH_FAILED', `The refresh reply is longer than ${longestReply} bytes`)
  }
  const body = parseJson(text)
  // WebKit hands over a reply that broke off as if it were whole (measured in WebKitGTK 2.50).
  if (body === text && text !== '' && /\bjson\b/.test(headers.get('Content-Type') ?? '')) {
    throw new AuthError('REFRESH_FAILED', 'The refresh reply broke off')
  }
  return { status, header: (name) => headers.get(name), body, isCrossOrigin: type === 'cors' }
}

/** What a developer should know of a yes without a token. Where that is a refusal, only tokens that are hidden matter. */
function warningOf({ status, body, isCrossOrigin }: Answer, renewal: Renewal): SessionNews | undefined {
  const mayHide = isCrossOrigin && !isObject(body)
  if (status >= 300 || !(renewal.kind === 'retry' || (renewal.kind === 'ended' && mayHide))) return undefined
  const { message } = renewal.error
  return mayHide
    ? {
        type: 'warning',
        code: 'TOKEN_HEADERS_HIDDEN',
        message: `${message}. The server must name headers with tokens in Access-Control-Expose-Headers`,
      }
    : { type: 'warning', code: 'REFRESH_WITHOUT_TOKEN', message }
}

/** Makes the endpoint callable. Whatever happens becomes a `Renewal`. */
export function renewAt(
  endpoint: CheckedEndpoint,
  address: string | undefined,
  now: () => number,
  tell: (news: SessionNews) => void,
): Renew {
  const {
    method = 'POST',
    credentials = 'same-origin',
    fetch: send = (url, init) => fetch(url, init),
  } = endpoint
  return async (tokens, signal) => {
    let url: string
    let init: RequestInit
    try {
      const request = requestOf(endpoint, tokens)
      if (!request) throw new TypeError('send')
      // Throws where it is relative to nothing.
      const target = new URL(address ?? '')
      for (const [name, value] of Object.entries(request.query ?? {})) target.searchParams.set(name, value)
      url = target.href
      init = initOf(request, { method, credentials, signal })
    } catch (thrown) {
      // Not as the cause: what an engine says of a header that it does not take quotes it.
      const error = new AuthError('REFRESH_REFUSED', `The refresh request cannot be made: ${nameOf(thrown)}`)
      return { kind: 'misconfigured', error }
    }
    let answer: Answer
    try {
      answer = await call(send, url, init)
    } catch (cause) {
      if (isAuthError(cause, 'REFRESH_REFUSED')) return { kind: 'misconfigured', error: cause }
      const error = isAuthError(cause)
        ? cause
        : new AuthError('REFRESH_FAILED', 'The refresh endpoint could not be reached, or redirects', {
            cause,
          })
      return { kind: 'retry', error, isUnknown: true }
    }
    const renewal = judgeReply(answer, endpoint, now())
    const warning = warningOf(answer, renewal)
    if (warning) tell(warning)
    return renewal
  }
}

/** What the app's own `send` makes, as far as it is one. */
export function requestOf({ send }: CheckedEndpoint, tokens: TokenSet): RefreshRequest | null {
  const request: unknown = send(tokens)
  if (!(request instanceof Promise)) return request ? ownFields(request as RefreshRequest) : null
  // An async one is not meant, and has no request to give.
  request.catch(() => {})
  throw new TypeError('async')
}

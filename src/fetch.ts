/**
 * Makes a `fetch` stay signed in. Start with {@link withSession}.
 *
 * @module
 */
import { isAuthError } from './core/errors.js'
import { fieldOf } from './core/own-fields.js'
import type { Session } from './core/session.js'
import { isDevelopment } from './development/is-development.js'
import { type Fetch, readCall, targetOf, withoutLatchkey } from './fetch/fetch-call.js'
import { createFetchClient, freeCopy, isLeftAlone } from './fetch/fetch-client.js'
import { isUserGone } from './http/auth-error-of.js'
import { clientPolicy, connectionOf, unsafeUrl, type WithSessionOptions } from './http/connection.js'
import { type LatchkeyRequestOptions, mayAttach } from './http/http-client.js'
import { parseUrl } from './http/origin-policy.js'
import { pageUrl } from './http/page-url.js'

export { authErrorOf } from './http/auth-error-of.js'
export type { Fetch, LatchkeyRequestOptions, WithSessionOptions }

declare global {
  interface RequestInit {
    /** `false`: no token, no waiting, no refresh. */
    latchkey?: false | LatchkeyRequestOptions
  }
}

/**
 * Returns a `fetch` whose requests carry the access token, wait for a new one when theirs has expired, and are sent again
 * when the server refuses it. It goes wherever a `fetch` goes: into ky, ofetch, openapi-fetch, a GraphQL client.
 *
 * The token goes to the page's own origin, to that of the refresh endpoint, and to `allowedOrigins`; any other request is
 * handed to `fetch` as it is. So is one with an `Authorization` of its own, and one with `mode: 'no-cors'`, which cannot
 * carry a token.
 *
 * Resolves with a response wherever the API gave one, with its own 401 too: `authErrorOf(response)` says why there is
 * no better one. Rejects with an `AuthError` where a request that was held could not be sent; as an abort, with the
 * `AuthError` as its `cause`, where its user is gone; and with the reason of its signal where that aborts. Replies are not read, so they stream as before.
 *
 * @throws {TypeError} for what is no session, or an option that cannot be meant
 */
export function withSession<Claims>(
  fetch: Fetch,
  session: Session<Claims>,
  options: WithSessionOptions = {},
): Fetch {
  if (typeof fetch !== 'function')
    throw new TypeError(isDevelopment ? 'withSession takes a fetch, and then the session' : 'fetch')
  const connection = connectionOf(session)
  const { signal } = connection
  const policy = clientPolicy(connection, options, false)
  const client = createFetchClient((input, init) => fetch(input, init), policy)

  return async (input, init) => {
    const { address, request: given } = targetOf(input)
    const own = fieldOf(init, 'latchkey') ?? fieldOf(given, 'latchkey')
    const canCarry = !signal.aborted && mayAttach(own) && (init?.mode ?? given?.mode) !== 'no-cors'
    const url = canCarry ? parseUrl(address, pageUrl()) : undefined
    const verdict = url ? policy(url) : 'foreign'
    if (verdict === 'unsafe' && connection.owner() !== undefined) throw unsafeUrl()
    if (isDevelopment && url && verdict === 'foreign')
      connection.noteForeign?.(() =>
        isLeftAlone(readCall({ url, request: given, own, owner: undefined }, init)) ? undefined : url.href,
      )
    if (!url || verdict !== 'ours') return fetch(input, own === undefined ? init : withoutLatchkey(init))
    const call = readCall(
      { url, request: given, own, owner: fieldOf(own, 'session') ?? connection.owner() },
      init,
    )
    if (isLeftAlone(call)) return client.send(call, null)
    if (connection.withCredentials && given?.credentials !== 'omit') call.init.credentials ??= 'include'
    try {
      return await connection.send(client, call)
    } catch (error) {
      // As an abort, which no client tries again.
      if (!isAuthError(error) || !isUserGone(error)) throw error
      throw Object.assign(new Error(error.message, { cause: error }), { name: 'AbortError' })
    } finally {
      freeCopy(call)
    }
  }
}

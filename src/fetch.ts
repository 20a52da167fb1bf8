/**
 * Makes a `fetch` stay signed in. Start with {@link withSession}.
 *
 * @module
 */
import type { Session } from './core/session-contract.js'
import { type Fetch, readCall, targetOf, withoutLatchkey } from './fetch/fetch-call.js'
import { FetchExchange } from './fetch/fetch-exchange.js'
import {
  createClientPolicy,
  refreshOriginOf,
  unsafeUrl,
  type WithSessionOptions,
} from './http/client-policy.js'
import { fieldOf } from './http/reply.js'
import { type LatchkeyRequestOptions, mayAttach } from './http/request-options.js'
import { parseUrl } from './http/request-policy.js'
import { guardOf } from './http/session-guard.js'

export { authErrorOf } from './fetch/auth-error-of.js'
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
 * no better one. Rejects with an `AuthError` where a request that was held could not be sent, and with the reason of its
 * signal where that aborts. Replies are not read, and stream as ever.
 *
 * @throws {TypeError} for what is no session, or an option that cannot be meant
 */
export function withSession<Claims>(
  fetch: Fetch,
  session: Session<Claims>,
  options: WithSessionOptions = {},
): Fetch {
  const guard = guardOf(session)
  const policy = createClientPolicy(guard, options, refreshOriginOf(guard))
  const isOurs = (url: string | URL): boolean => policy.judge(url, undefined) === 'ours'
  let isOver = false
  guard.onDispose(() => {
    isOver = true
  })

  return async (input, init) => {
    const { address, request } = targetOf(input)
    const said = fieldOf(init, 'latchkey') ?? fieldOf(request, 'latchkey')
    const canCarry = !isOver && mayAttach(said) && (init?.mode ?? request?.mode) !== 'no-cors'
    const url = canCarry ? parseUrl(address, guard.page()) : undefined
    const verdict = url ? policy.judge(url, undefined) : 'foreign'
    if (verdict === 'unsafe') throw unsafeUrl()
    if (!url || verdict === 'foreign') return fetch(input, said === undefined ? init : withoutLatchkey(init))
    const exchange = new FetchExchange(fetch, readCall({ url, request, said }, init), isOurs)
    if (exchange.isLeftAlone) return exchange.send(null)
    try {
      return await guard.send(exchange)
    } finally {
      exchange.close()
    }
  }
}

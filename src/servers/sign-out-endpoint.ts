import { ownFields } from '../core/own-fields.js'
import type { TokenSet } from '../core/tokens.js'
import { pageUrl } from '../http/page-url.js'
import {
  isRefreshUrl,
  type RefreshEndpoint,
  type RefreshRequest,
  refreshUrlRule,
} from '../http/refresh-endpoint.js'
import { initOf } from '../http/refresh-request.js'
import { parseUrl } from '../http/request-policy.js'

/** Where the server wants to be told that the user signs out. */
export interface SignOutEndpoint {
  /** As the `url` of a refresh endpoint. */
  url: string | URL
  /** @default 'POST' */
  method?: 'POST' | 'GET' | 'DELETE'
  /** @default the request of a refresh */
  send?: (tokens: TokenSet) => RefreshRequest | null
}

/** The `signOut` of an endpoint: a call that outlives the page, for many apps leave it at sign-out. */
export function signOutCall(
  protocol: string,
  signOut: string | URL | SignOutEndpoint,
  endpoint: Pick<RefreshEndpoint, 'send' | 'credentials'>,
): (tokens: TokenSet) => Promise<void> {
  const isUrl = typeof signOut === 'string' || signOut instanceof URL
  const {
    url,
    method = 'POST',
    send = endpoint.send,
  } = ownFields<SignOutEndpoint>(isUrl ? { url: signOut } : signOut)
  const page = pageUrl()
  if (!isRefreshUrl(String(url), page)) {
    throw new TypeError(`${protocol}: signOut takes ${refreshUrlRule}, or an object with such a url`)
  }
  // What the page's URL is now counts: a `<base>` that comes later must not lead the tokens elsewhere.
  const address = parseUrl(String(url), page)?.href ?? ''
  return async (tokens) => {
    const request = send(tokens)
    if (!request) return
    const { credentials = 'same-origin' } = endpoint
    const { ok, status } = await fetch(address, initOf(request, { method, credentials, keepalive: true }))
    if (!ok) throw new Error(`status ${status}`)
  }
}

import { ownFields } from '../core/own-fields.js'
import type { TokenSet } from '../core/tokens.js'
import { isDevelopment } from '../development/is-development.js'
import { checkSignOutRequest } from '../development/server-options.js'
import { pageUrl } from '../http/page-url.js'
import { fetchArgs } from '../http/refresh-call.js'
import { type RefreshEndpoint, type RefreshRequest, safeUrl } from '../http/refresh-endpoint.js'

/** The call that signs the user out at the server. */
export interface SignOutEndpoint {
  /** Like the `url` of a refresh endpoint. */
  url: string | URL
  /** @default 'POST' */
  method?: 'POST' | 'GET' | 'DELETE'
  /**
   * Makes the request; `null` makes no call.
   *
   * @default the request of a refresh
   */
  send?: (tokens: TokenSet) => RefreshRequest | null
}

/**
 * Makes the `signOut` hook of an endpoint. Its call outlives the page, because many apps leave the page at sign-out.
 *
 * @throws {TypeError} for an unsafe URL, and in the development build for a GET whose request would have a body
 */
export function signOutCall(
  protocol: string,
  signOut: string | URL | SignOutEndpoint,
  sendByDefault: RefreshEndpoint['send'],
  credentials: RequestCredentials = 'same-origin',
): (tokens: TokenSet) => Promise<void> {
  const {
    url,
    method = 'POST',
    send = sendByDefault,
  } = ownFields<SignOutEndpoint>(isUrl(signOut) ? { url: signOut } : signOut)
  if (isDevelopment && method === 'GET' && send === sendByDefault) checkSignOutRequest(protocol, send)
  // Resolved now, because a `<base>` that is added later must not lead the tokens elsewhere.
  const address = safeUrl(`${protocol}: signOut`, url, pageUrl())
  return async (tokens) => {
    const request = send(tokens)
    if (!request) return
    const { ok, status } = await fetch(
      ...fetchArgs(address, request, { method, credentials, keepalive: true }),
    )
    if (!ok) throw new Error(`status ${status}`)
  }
}

const isUrl = (value: unknown): value is string | URL => typeof value === 'string' || value instanceof URL

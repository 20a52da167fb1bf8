import type { SessionNews } from '../core/events.js'
import { ownFields } from '../core/own-fields.js'
import type { StoredTokens, TokenSet } from '../core/tokens.js'
import type { RefreshRequest } from './refresh-endpoint.js'

/** Where the server wants to be told that the user signs out. */
export interface SignOutEndpoint {
  /** As the `url` of a refresh endpoint. */
  url: string | URL
  /** @default 'POST' */
  method?: 'POST' | 'GET' | 'DELETE'
  /** @default headers and body of a refresh */
  send?: (tokens: TokenSet) => RefreshRequest
}

/**
 * Makes the call that tells the server. Nobody waits for it: the user is signed out, whatever becomes of it.
 *
 * @param initOf makes the request; it may throw, for it may be the app's own code
 */
export function createSignOutCall(
  address: string | undefined,
  initOf: (tokens: StoredTokens) => RequestInit,
  tell: (news: SessionNews) => void,
): (tokens: StoredTokens) => void {
  const failed = (why: string): void =>
    tell({
      type: 'warning',
      code: 'SIGN_OUT_NOT_TOLD',
      message: `The server was not told of the sign-out: ${why}`,
    })
  return (tokens) => {
    const call = async (): Promise<void> => {
      // Throws where it is relative to nothing.
      const url = new URL(address ?? '')
      // It outlives the page, for many apps leave it at sign-out.
      const { ok, status } = await fetch(url, ownFields({ ...initOf(tokens), keepalive: true }))
      if (!ok) failed(`status ${status}`)
    }
    // Not the error: what an engine says of a request may quote it.
    call().catch(() => failed('it could not be reached'))
  }
}

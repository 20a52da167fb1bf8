import type { SessionNews } from '../core/events.js'
import type { StoredTokens, TokenSet } from '../core/tokens.js'

/**
 * Tells the server. Nobody waits for it: the user is signed out, whatever becomes of it.
 *
 * @param signOut may throw, for it may be the app's own code
 */
export function createSignOutCall(
  signOut: (tokens: TokenSet) => unknown,
  tell: (news: SessionNews) => void,
): (tokens: StoredTokens) => void {
  return (tokens) => {
    // Not the error: what an engine says of a request may quote it.
    const call = async (): Promise<unknown> => signOut(tokens)
    call().catch(() =>
      tell({
        type: 'warning',
        code: 'SIGN_OUT_NOT_TOLD',
        message: 'The server was not told of the sign-out',
      }),
    )
  }
}

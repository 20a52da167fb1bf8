import type { Session } from '../../../src/index.js'

/**
 * For the page that an external sign-in returns to, as `/callback#access_token=…&refresh_token=…&state=…`. Call it before the
 * router starts. `expectedState` is the state that the page stored before the user left for the sign-in.
 */
export async function takeTokensFromUrl(session: Session, expectedState: string | null): Promise<boolean> {
  const { hash, pathname, search } = location
  const found = new URLSearchParams(hash.slice(1))
  const accessToken = found.get('access_token')
  if (accessToken === null) return false
  // Do this first, so that no reload, no history entry and no later script finds them.
  history.replaceState(history.state, '', pathname + search)
  // Otherwise, a link could sign the user in as somebody else.
  if (expectedState === null || found.get('state') !== expectedState) return false
  const refreshToken = found.get('refresh_token')
  await session.setTokens({ accessToken, ...(refreshToken && { refreshToken }) })
  return true
}

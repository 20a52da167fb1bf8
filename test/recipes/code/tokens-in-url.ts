import type { Session } from '../../../src/index.js'

/**
 * For a page that a sign-in elsewhere comes back to, as `/callback#access_token=…&refresh_token=…&state=…`. Call it before the
 * router starts. `expectedState` is what the page kept when the user left for the sign-in.
 */
export async function takeTokensFromUrl(session: Session, expectedState: string | null): Promise<boolean> {
  const { hash, pathname, search } = location
  const found = new URLSearchParams(hash.slice(1))
  const accessToken = found.get('access_token')
  if (accessToken === null) return false
  // First of all: no reload, no history and no script that comes later finds them.
  history.replaceState(history.state, '', pathname + search)
  // Else a link could sign the user in as somebody else.
  if (expectedState === null || found.get('state') !== expectedState) return false
  const refreshToken = found.get('refresh_token')
  await session.setTokens({ accessToken, ...(refreshToken && { refreshToken }) })
  return true
}

import type { Session } from '../../../src/index.js'

/** Where axios-jwt keeps the tokens; its last word is the `NODE_ENV` of the build. */
const key = 'auth-tokens-production'

/** Once, before the first request. */
export async function takeOver(session: Session): Promise<void> {
  await session.ready
  const stored = localStorage.getItem(key)
  if (stored && session.state.status === 'signed-out') await session.setTokens(JSON.parse(stored))
  localStorage.removeItem(key)
}

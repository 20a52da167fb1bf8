import type { Session } from '../../../src/index.js'

/** Call it once, before the first request. redux-persist keeps each slice as JSON inside the JSON of the root. */
export async function takeOver(session: Session): Promise<void> {
  await session.ready
  const root = JSON.parse(localStorage.getItem('persist:root') ?? '{}')
  if (typeof root.auth !== 'string') return
  const { accessToken, refreshToken } = JSON.parse(root.auth)
  if (accessToken && session.state.status === 'signed-out') {
    await session.setTokens({ accessToken, ...(refreshToken && { refreshToken }) })
  }
  // The other slices stay.
  delete root.auth
  localStorage.setItem('persist:root', JSON.stringify(root))
}

import type { Session } from '../../../src/index.js'

/** Once, before the first request. */
export async function takeOver(session: Session): Promise<void> {
  await session.ready
  const accessToken = localStorage.getItem('token')
  const refreshToken = localStorage.getItem('refresh')
  if (accessToken && session.state.status === 'signed-out') {
    await session.setTokens({ accessToken, ...(refreshToken && { refreshToken }) })
  }
  localStorage.removeItem('token')
  localStorage.removeItem('refresh')
}

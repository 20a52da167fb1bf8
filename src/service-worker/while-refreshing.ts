import type { Session } from '../core/session.js'

export const isRefreshing = <Claims>({ state }: Session<Claims>): boolean =>
  state.status === 'signed-in' && state.refreshing

/** Resolves when the refresh that is under way has ended, later than its callers wait if need be. Never rejects. */
export async function whileRefreshing<Claims>(session: Session<Claims>): Promise<void> {
  while (isRefreshing(session)) await session.refresh().catch(() => {})
}

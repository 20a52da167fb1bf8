import type { RefreshCoordinator } from './refresh-coordinator.js'
import { noTokens } from './refresh-outcome.js'
import type { SessionParts } from './session-parts.js'
import type { SessionPhase } from './session-phase.js'
import type { SessionRecord } from './session-record.js'
import type { TokenSet } from './tokens.js'

/** Why it is looked up who is signed in: the page is awake or online again, or another tab has signed in or out. */
export type RestoreReason = 'back' | 'signed-in' | 'signed-out'

/** Finds out who is signed in, from the store and, where the endpoint has one, from a cookie. Never rejects. */
export function createRestore({
  phase,
  record,
  coordinator,
  silentStart,
  tellServer,
}: {
  phase: SessionPhase<unknown>
  record: SessionRecord
  coordinator: RefreshCoordinator
  silentStart: SessionParts['silentStart']
  tellServer: (tokens: TokenSet) => void
}): (why?: RestoreReason) => Promise<void> {
  /** Whether a cookie is yet to be asked, or asked again, since no answer came: the network may have been away. */
  function mayHaveCookie(why: RestoreReason | undefined): boolean {
    const { current } = phase
    if (current.status === 'refreshing') return !current.record
    if (current.status === 'signed-out') {
      return why === 'back' && current.reason === 'none' && !!coordinator.failure?.retryable
    }
    return current.status === 'loading'
  }

  return async (why) => {
    const change = await record.reread()
    if (change) coordinator.recover()
    if (silentStart) {
      const isElsewhere = why === 'signed-in' || why === 'signed-out'
      if (isElsewhere && !change && phase.record) {
        // The cookie that tabs share is another user's by now, or nobody's, and the store of this tab does not know.
        await record.drop()
        if (why === 'signed-in') await coordinator.startFromCookie()
      } else if (mayHaveCookie(why)) {
        coordinator.recover()
        if (typeof silentStart !== 'object' || silentStart.isAllowed()) await coordinator.startFromCookie()
        else tellServer(noTokens)
      }
    }
    if (phase.current.status === 'loading') phase.transition({ status: 'signed-out', reason: 'none' })
  }
}

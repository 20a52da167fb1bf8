import type { SessionNews } from './events.js'
import type { RefreshNews } from './refresh-coordinator.js'
import type { SignedOutReason } from './session-state.js'
import type { VaultChange } from './token-vault.js'
import { warningsOf } from './token-warnings.js'
import type { StoredTokens } from './tokens.js'

/** What listeners are told: first what a refresh came to, then what became of the tokens. */
export function newsOf(
  refresh: RefreshNews | undefined,
  changes: readonly VaultChange[],
  signedOutReason: SignedOutReason,
  tokens: StoredTokens | null = null,
): SessionNews[] {
  const news: SessionNews[] = []
  if (refresh?.type === 'refresh-failed') {
    const { code, retryable, status } = refresh.error
    news.push({ type: 'refresh-failed', code, retryable, ...(status === undefined ? undefined : { status }) })
  } else if (refresh?.type === 'refresh-not-due') {
    const message =
      'The auth server says that the access token has not expired: look at timing, or at the clocks'
    news.push({ type: 'warning', code: 'REFRESH_NOT_DUE', message })
  } else if (refresh && !changes.includes('adopted')) {
    news.push(refresh)
  }
  for (const change of changes) {
    if (change === 'signed-in' || change === 'switched') news.push({ type: 'signed-in' })
    else if (change === 'signed-out-elsewhere')
      news.push({ type: signedOutReason === 'expired' ? 'expired' : 'signed-out' })
    else if (change === 'signed-out' || change === 'expired' || change === 'adopted')
      news.push({ type: change })
  }
  const areNew = changes.includes('signed-in') || changes.includes('renewed')
  if (tokens && areNew) news.push(...warningsOf(tokens))
  return news
}

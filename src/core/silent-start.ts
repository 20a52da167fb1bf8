import { afterAwake } from './clock.js'
import type { SessionNews } from './events.js'
import { ownFields } from './own-fields.js'
import type { SessionParts } from './session-parts.js'
import type { TokenVault } from './token-vault.js'
import type { StoredTokens } from './tokens.js'
import { waitFor } from './wait.js'

/** Asks at the start whether a cookie that no script can see still holds a session. */
export interface SilentStart {
  /** Whether there is yet to be asked: until then nobody knows who is signed in. */
  readonly isDue: boolean
  /** Asks where that is due. Never rejects: that nobody is signed in is no error, and anything else a warning. */
  ask(): Promise<void>
  /** Asks again, next time, where no answer came: the network may have been away. */
  retry(): void
  /** It is known who is signed in: an answer would be of yesterday. */
  forget(): void
}

/** Who asks with a cookie alone. */
const nobody: StoredTokens = ownFields({
  version: 1,
  session: '',
  generation: 0,
  accessToken: '',
  receivedAt: 0,
  expiresAt: null,
})

export function createSilentStart({
  silentStart: isWanted = false,
  vault,
  renew,
  refreshTimeoutMs,
  environment: { clock, lock, page },
  tell,
}: Pick<SessionParts, 'silentStart' | 'renew' | 'refreshTimeoutMs' | 'environment'> & {
  vault: TokenVault
  tell: (news: SessionNews) => void
}): SilentStart {
  let isOpen = isWanted
  let isDue = isWanted
  let asking: AbortController | undefined

  /** Inside the lock, for servers rotate cookies too, and another tab may just have been told. */
  async function turn(signal: AbortSignal): Promise<void> {
    await vault.reread()
    if (!isDue || signal.aborted) return
    const renewal = await renew(nobody, signal)
    if (!isDue || signal.aborted) return
    isOpen = renewal.kind === 'retry'
    // From here on it is done, whoever would rather forget it.
    asking = undefined
    if (renewal.kind === 'renewed') await vault.signIn(renewal.tokens)
    if (renewal.kind === 'retry' || renewal.kind === 'misconfigured') {
      tell({ type: 'warning', code: 'SILENT_START_FAILED', message: renewal.error.message })
    }
  }

  return {
    get isDue() {
      return isDue
    },
    async ask() {
      if (!isDue) return
      if (page.isOnline()) {
        const controller = new AbortController()
        const { signal } = controller
        asking = controller
        const stop = afterAwake(clock, refreshTimeoutMs, () => controller.abort())
        const answer = lock(signal, () => waitFor(turn(signal), { clock, signal }))
        await waitFor(answer, { clock, signal }).catch(() => {})
        stop()
      }
      isDue = false
    },
    retry() {
      isDue = isOpen
    },
    forget() {
      isOpen = isDue = false
      asking?.abort()
    },
  }
}

import { waitFor } from '../core/clock.js'
import { AuthError, type AuthErrorCode } from '../core/errors.js'
import type { HandOver } from '../core/hand-over.js'
import { ownFields } from '../core/own-fields.js'
import type { RefreshOutcome } from '../core/refresh-outcome.js'
import { askForRefresh, silentMs } from './refresh-messages.js'

/**
 * Hands the page's refreshes over to its service worker, where `guardFetch` serves the same session: there a refresh is
 * brought to its end, and the new tokens are stored, even if the page is reloaded or closed meanwhile. Where there is no such
 * worker, or it says nothing for a second, the page refreshes by itself.
 *
 * ```ts
 * createSession({ refresh: headerPair({ url }), handOver: toServiceWorker() })
 * ```
 */
export function toServiceWorker(): HandOver {
  /** One that said nothing is not waited for again, unless it speaks after all. */
  let silent: ServiceWorker | undefined

  return (tokens, { clock, signal }) => {
    // Missing in a worker, and on plain http.
    const controller = globalThis.navigator?.serviceWorker?.controller
    if (!controller || controller === silent) return Promise.resolve(undefined)
    let cancel = (): void => {}
    const answer = new Promise<RefreshOutcome | undefined>((resolve) => {
      const { port1, port2 } = new MessageChannel()
      const passOver = (): void => {
        silent = controller
        resolve(undefined)
      }
      const end = (outcome?: RefreshOutcome): void => {
        cancel()
        port1.close()
        resolve(outcome)
      }
      port1.onmessage = ({ data }) => {
        silent = undefined
        const { type, code, message, status } = ownFields(data) as Record<string, unknown>
        if (type === 'failed') end(failure(code, message, status))
        else if (type === 'done') end()
        else {
          cancel()
          cancel = clock.after(silentMs, passOver)
        }
      }
      cancel = clock.after(silentMs, passOver)
      try {
        controller.postMessage(askForRefresh(tokens), [port2])
      } catch {
        end()
      }
    })
    return waitFor(answer, { clock, signal }).finally(() => cancel())
  }
}

/** How the worker's refresh failed, as far as it can be believed: it has tried again already. */
function failure(code: unknown, message: unknown, status: unknown): RefreshOutcome | undefined {
  if (typeof code !== 'string' || !/^(REFRESH_FAILED|REFRESH_TIMEOUT|LOCK_TIMEOUT)$/.test(code))
    return undefined
  const details = typeof status === 'number' ? { status } : {}
  const error = new AuthError(code as AuthErrorCode, typeof message === 'string' ? message : code, details)
  return { kind: 'retry', error, isSpent: true }
}

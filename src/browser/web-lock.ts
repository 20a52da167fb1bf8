import type { Environment, Lock } from '../core/environment.js'
import { pause } from '../core/wait.js'
import { type HolderWatch, sliceMs } from './holder-watch.js'

/** How long a robber waits for others who rob at the same time. */
const settleMs = 200

/**
 * A Web Lock. Where the browser refuses it (a sandboxed frame, a document that is not active), `otherwise` serves.
 *
 * - The wait is cut into slices: a waiter that queued behind a holder which went into the back-forward cache would hang
 *   for good (measured in Chromium 156).
 * - A frozen waiter leaves the queue, or it would block those behind it; a holder whose page is left lets go.
 * - A holder that shows no sign of life is robbed. Should it wake, its work goes on; what it commits is checked against
 *   the generation in the store. Those who wait notice the silence together, and rob each other: so a robber first tells
 *   them that it is there, and begins when nobody has robbed it for a while.
 */
export function createWebLock(
  name: string,
  locks: LockManager,
  { clock, page }: Pick<Environment, 'clock' | 'page'>,
  watch: HolderWatch,
  otherwise: Lock,
): Lock {
  return async <T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> => {
    const wait = watch.wait()
    try {
      for (;;) {
        if (signal.aborted) throw signal.reason
        const granted = await waitOneSlice(signal, work, wait.isHolderGone())
        if (granted === 'refused') return otherwise(signal, work)
        if (granted) return granted.result
      }
    } finally {
      wait.end()
    }
  }

  /** The work that runs under the lock, wrapped, for its outcome is not the lock's; `undefined` if the slice was in vain. */
  function waitOneSlice<T>(
    signal: AbortSignal,
    work: () => Promise<T>,
    steal: boolean,
  ): Promise<{ result: Promise<T> } | 'refused' | undefined> {
    return new Promise((resolve) => {
      const slice = new AbortController()
      const giveUp = (): void => slice.abort()
      const cancel = clock.after(sliceMs, giveUp)
      signal.addEventListener('abort', giveUp)
      const stopWaiting = (): void => {
        cancel()
        signal.removeEventListener('abort', giveUp)
      }
      let isLost = false
      let letGo = (): void => {}
      // A page that is put to sleep asks again when its timers run again, not from its sleep.
      let restMs = 0
      const stopListening = page.listen((what) => {
        if (what === 'freeze' || what === 'leave') {
          restMs = sliceMs
          giveUp()
        }
        if (what === 'leave') letGo()
      })
      const hold = (): Promise<void> =>
        new Promise((release) => {
          stopWaiting()
          letGo = () => {
            isLost = true
            resolve(undefined)
            release()
          }
          const begin = (): void => {
            if (isLost) return
            const result = watch.during(work())
            resolve({ result })
            result.then(letGo, letGo)
          }
          if (!steal) return begin()
          watch.announce()
          // Given up meanwhile: the next robber finds the lock free.
          pause(settleMs, { clock, signal }).then(begin, () => letGo())
        })
      const request = async (): Promise<void> =>
        locks.request(name, steal ? { steal } : { signal: slice.signal }, hold)
      request()
        // Robbed, or given up; anything else is the browser's refusal to lock at all.
        .catch((error) => {
          isLost = true
          if (error?.name !== 'AbortError') resolve('refused')
          else if (restMs === 0) resolve(undefined)
          else
            pause(restMs, { clock, signal })
              .catch(() => {})
              .then(() => resolve(undefined))
        })
        .finally(() => {
          stopWaiting()
          stopListening()
        })
    })
  }
}

import { pause } from '../core/clock.js'
import type { Environment, Lock } from '../core/environment.js'
import { type LockHeartbeat, sliceMs } from './lock-heartbeat.js'

/** How long a tab that stole the lock waits for others that steal it at the same time. */
const settleMs = 200

/** How one slice of the wait ended. The result is wrapped: its outcome is not the lock's. */
type Slice<T> = { result: Promise<T> } | 'refused' | 'waited'

/**
 * A Web Lock. Where the browser refuses it (a sandboxed frame, a document that is not active), `otherwise` serves.
 *
 * - The wait is cut into slices: a waiter that queued behind a holder which went into the back-forward cache would hang
 *   for good (measured in Chromium 156).
 * - A frozen waiter leaves the queue, or it would block those behind it; a holder whose page is left releases the lock.
 * - From a holder without heartbeat the lock is stolen. Should that page wake, its work goes on; what it commits is compared
 *   with the generation in the store. Waiters notice the silence together, and steal from each other: so a tab that steals
 *   posts a heartbeat first, and begins when nobody has stolen the lock for a while.
 */
export function createWebLock(
  name: string,
  locks: LockManager,
  { clock, lifecycle }: Pick<Environment, 'clock' | 'lifecycle'>,
  heartbeat: LockHeartbeat,
  otherwise: Lock,
): Lock {
  return async <T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> => {
    const wait = heartbeat.wait()
    try {
      for (;;) {
        if (signal.aborted) throw signal.reason
        const slice = await waitOneSlice(signal, work, wait.isHolderGone())
        if (slice === 'refused') return otherwise(signal, work)
        if (slice !== 'waited') return slice.result
      }
    } finally {
      wait.end()
    }
  }

  function waitOneSlice<T>(signal: AbortSignal, work: () => Promise<T>, steal: boolean): Promise<Slice<T>> {
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
      let release = (): void => {}
      // A page that is put to sleep queues again when its timers run again, not from its sleep.
      let restMs = 0
      const stopListening = lifecycle.listen((event) => {
        if (event === 'freeze' || event === 'leave') {
          restMs = sliceMs
          giveUp()
        }
        if (event === 'leave') release()
      })
      const hold = (): Promise<void> =>
        new Promise((done) => {
          stopWaiting()
          release = () => {
            isLost = true
            resolve('waited')
            done()
          }
          const begin = (): void => {
            if (isLost) return
            const result = heartbeat.answerDuring(work())
            resolve({ result })
            result.then(release, release)
          }
          if (!steal) return begin()
          heartbeat.announce()
          // Given up meanwhile: the next tab that steals finds the lock free.
          pause(settleMs, { clock, signal }).then(begin, () => release())
        })
      const request = async (): Promise<void> =>
        locks.request(name, steal ? { steal } : { signal: slice.signal }, hold)
      request()
        // Stolen, or given up; anything else is the browser's refusal to lock at all.
        .catch((error) => {
          isLost = true
          if (error?.name !== 'AbortError') resolve('refused')
          else if (restMs === 0) resolve('waited')
          else
            pause(restMs, { clock, signal })
              .catch(() => {})
              .then(() => resolve('waited'))
        })
        .finally(() => {
          stopWaiting()
          stopListening()
        })
    })
  }
}

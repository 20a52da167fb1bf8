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
 * - A frozen waiter leaves the queue, or it would block those behind it, and a page that is frozen does not queue; a holder
 *   whose page is left releases the lock.
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
): Lock & { close(): void } {
  // Messages still reach a frozen page, and what waits for them goes on: nothing would take it out of the queue again.
  let isAsleep = false
  const close = lifecycle.listen((event) => {
    if (event !== 'freeze' && event !== 'leave') return
    isAsleep = true
    clock.after(0, () => {
      isAsleep = false
    })
  })

  // Until Chromium 156 has found out whether a page may have locks at all, it loses an abort (measured): the first request of a
  // page that freezes then stays in the queue for good. After a query no abort is lost.
  let allowed: Promise<unknown> | undefined

  async function lock<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    allowed ??= (async () => locks.query())().catch(() => {})
    await allowed
    const wait = heartbeat.wait()
    try {
      for (;;) {
        if (signal.aborted) throw signal.reason
        // It queues again when its timers run again, not from its sleep.
        if (isAsleep) await pause(sliceMs, { clock, signal })
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
      const stopListening = lifecycle.listen((event) => {
        if (event === 'freeze' || event === 'leave') giveUp()
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
          resolve(error?.name === 'AbortError' ? 'waited' : 'refused')
        })
        .finally(() => {
          stopWaiting()
          stopListening()
        })
    })
  }

  return Object.assign(lock, { close })
}

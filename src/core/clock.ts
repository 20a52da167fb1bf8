/** Time as an effect, so that tests bring their own. */
export interface Clock {
  /** Milliseconds since the epoch, as the machine believes; it may jump either way. */
  now(): number
  /** Calls back once, after `ms` milliseconds; returns the cancellation. */
  after(ms: number, callback: () => void): () => void
}

/** Timers take a signed 32-bit number; a longer delay would fire at once (HTML, "timer initialization steps"). */
export const longestTimerMs = 0x7fffffff

export const systemClock: Clock = {
  now: () => Date.now(),
  after(ms, callback) {
    const timer = setTimeout(callback, Math.min(ms, longestTimerMs))
    return () => clearTimeout(timer)
  },
}

/**
 * Like `clock.after`, but in time that the page was awake: a timer that comes late was held up by a frozen page, whose
 * replies are still queued behind it. They get one more second before the deadline counts.
 */
export function afterAwake(clock: Clock, ms: number, callback: () => void): () => void {
  let cancel: () => void
  const arm = (ms: number): void => {
    const dueAt = clock.now() + ms
    cancel = clock.after(ms, () => (clock.now() - dueAt > 1000 ? arm(1000) : callback()))
  }
  arm(ms)
  return () => cancel()
}

export interface WaitLimits {
  clock: Clock
  ms?: number | undefined
  /** What to reject with when `ms` have passed. */
  onTimeout?: () => Error
  signal?: AbortSignal | undefined
}

/**
 * Waits for shared work on one caller's behalf: no longer than `ms`, and no longer than its signal allows (then rejects
 * with the signal's reason). The work itself goes on for the others.
 */
export function waitFor<T>(work: Promise<T>, { clock, ms, onTimeout, signal }: WaitLimits): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => settle(() => reject(signal?.reason))
    const cancel = ms === undefined ? undefined : clock.after(ms, () => settle(() => reject(onTimeout?.())))
    const settle = (how: () => void): void => {
      cancel?.()
      signal?.removeEventListener('abort', onAbort)
      how()
    }
    signal?.addEventListener('abort', onAbort)
    work.then(
      (value) => settle(() => resolve(value)),
      (error) => settle(() => reject(error)),
    )
    if (signal?.aborted) onAbort()
  })
}

/** Resolves after `ms`, or rejects with the signal's reason; either way no timer is left. */
export function pause(ms: number, { clock, signal }: { clock: Clock; signal: AbortSignal }): Promise<void> {
  let cancel: (() => void) | undefined
  const over = new Promise<void>((resolve) => {
    cancel = clock.after(ms, resolve)
  })
  return waitFor(over, { clock, signal }).finally(cancel)
}

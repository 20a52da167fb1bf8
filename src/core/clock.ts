/** Time, handed in so that tests hand in their own. */
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

import type { Clock } from '../core/clock.js'

/** A clock that stands still until the test moves it. */
export interface ManualClock extends Clock {
  /**
   * Lets time pass: timers fire in their order, and what each sets in motion is done before the next, as far as it waits for
   * promises alone.
   */
  advance(ms: number): Promise<void>
}

/** Longer than any chain of promises in a session. No timer, for those of the test may stand still as well. */
const turns = 200

async function settled(): Promise<void> {
  for (let turn = 0; turn < turns; turn++) await undefined
}

/** @param startAt milliseconds since the epoch */
export function createManualClock(startAt: number = Date.UTC(2030, 0, 1)): ManualClock {
  let now = startAt
  const timers = new Set<{ dueAt: number; callback: () => void }>()
  return {
    now: () => now,
    after(ms, callback) {
      const timer = { dueAt: now + ms, callback }
      timers.add(timer)
      return () => timers.delete(timer)
    },
    async advance(ms) {
      const end = now + ms
      await settled()
      for (;;) {
        const [next] = [...timers].filter(({ dueAt }) => dueAt <= end).sort((a, b) => a.dueAt - b.dueAt)
        if (!next) break
        now = Math.max(now, next.dueAt)
        timers.delete(next)
        next.callback()
        await settled()
      }
      now = end
    },
  }
}

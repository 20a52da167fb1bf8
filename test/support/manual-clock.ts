import type { Clock } from '../../src/core/clock.js'
import { settled } from './settled.js'

/** A clock that stands still until the test moves it. */
export interface ManualClock extends Clock {
  /** Lets time pass: timers fire in their order, and what each sets in motion is done before the next. */
  advance(ms: number): Promise<void>
  /** Sets the clock on the wall, ahead or back. No time passes, so no timer fires. */
  jump(ms: number): void
  /** Time passes while the page is frozen: timers that fall due fire late, when it thaws. */
  freeze(ms: number): Promise<void>
  /** The delays of the timers that are armed, as they were asked for. */
  readonly armed: readonly number[]
}

interface Timer {
  ms: number
  dueAt: number
  callback: () => void
}

/** @param turns how many turns of the event loop a step may take; more where a fake IndexedDB is at work */
export function createManualClock(startAt = Date.UTC(2030, 0, 1), turns = 1): ManualClock {
  let wall = startAt
  let elapsed = 0
  const timers = new Set<Timer>()

  const pass = (ms: number): void => {
    wall += ms
    elapsed += ms
  }

  async function fireUntil(end: number): Promise<void> {
    await settled(turns)
    for (;;) {
      const [next] = [...timers].filter(({ dueAt }) => dueAt <= end).sort((a, b) => a.dueAt - b.dueAt)
      if (!next) return
      pass(Math.max(0, next.dueAt - elapsed))
      timers.delete(next)
      next.callback()
      await settled(turns)
    }
  }

  return {
    now: () => wall,
    after(ms, callback) {
      const timer = { ms, dueAt: elapsed + ms, callback }
      timers.add(timer)
      return () => timers.delete(timer)
    },
    async advance(ms) {
      const end = elapsed + ms
      await fireUntil(end)
      pass(end - elapsed)
    },
    jump(ms) {
      wall += ms
    },
    async freeze(ms) {
      pass(ms)
      await fireUntil(elapsed)
    },
    get armed() {
      return [...timers].map(({ ms }) => ms)
    },
  }
}

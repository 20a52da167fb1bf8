import type { Clock } from '../../../src/core/clock.js'
import type { Agenda, Place } from './agenda.js'

/** The machine's wall clock, which jumps, over timers, which do not. */
export interface MachineClock {
  jump(ms: number): void
  /** What a tab sees of it; `pending` counts the tab's timers. */
  of(place: Place): Clock & { readonly pending: number }
}

const startsAt = Date.UTC(2026, 0, 1)

export function createMachineClock(agenda: Agenda): MachineClock {
  let offsetMs = startsAt
  return {
    jump(ms) {
      offsetMs += ms
    },
    of(place) {
      let pending = 0
      return {
        now: () => agenda.now + offsetMs,
        after(ms, callback) {
          pending++
          let isOver = false
          const over = (): boolean => {
            const isFirst = !isOver
            isOver = true
            if (isFirst) pending--
            return isFirst
          }
          const cancel = agenda.after(ms, place, () => over() && callback())
          return () => {
            if (over()) cancel()
          }
        },
        get pending() {
          return pending
        },
      }
    },
  }
}

import type { Environment } from '../core/environment.js'

/** A wait for the lock is cut into slices, for waiters that are left in its queue can hang there for good. */
export const sliceMs = 1000
/** After so many slices without a sign of life, the holder counts as dead or frozen. */
const silentSlices = 10
/** So many of them must be of the present wait, without a nap of this page in between. */
const freshSlices = 2

/**
 * Tells a slow holder of the lock from a dead or frozen one. Those who wait ask over the channel; the answer passes
 * through a timer, for a frozen page still handles messages while its timers stand still.
 */
export interface HolderWatch {
  /** Answers for this tab while `work` runs. */
  during<T>(work: Promise<T>): Promise<T>
  /** Tells those who wait that this tab holds the lock now. */
  announce(): void
  /** Begins a wait. `isHolderGone` is to be asked before each slice, `end` to be called after the last. */
  wait(): {
    isHolderGone(): boolean
    /** The lock has another holder by now: the silence was not that one's. */
    restart(): void
    end(): void
  }
}

export function createHolderWatch({ channel, clock }: Pick<Environment, 'channel' | 'clock'>): HolderWatch {
  let unanswered = 0
  return {
    during(work) {
      // Whoever got the lock knows that no silent holder has it.
      unanswered = 0
      const cancels: (() => void)[] = []
      cancels.push(
        channel.listen(({ type }) => {
          if (type === 'ping') cancels.push(clock.after(0, () => channel.post({ type: 'alive' })))
        }),
      )
      return work.finally(() => {
        for (const cancel of cancels) cancel()
      })
    },
    announce: () => channel.post({ type: 'alive' }),
    wait() {
      let askedAt = 0
      const restart = (): void => {
        unanswered = 0
      }
      const end = channel.listen(({ type }) => {
        if (type === 'alive') restart()
      })
      return {
        end,
        restart,
        isHolderGone() {
          const tookMs = clock.now() - askedAt
          askedAt = clock.now()
          // A page that slept may have answers that it has not handled yet.
          if (tookMs >= 3 * sliceMs) unanswered = Math.min(unanswered, silentSlices - freshSlices)
          // Timers of hidden pages come once a second, and a slice takes two.
          else if (tookMs >= 1.5 * sliceMs && unanswered > 0) unanswered++
          if (unanswered >= silentSlices) {
            restart()
            return true
          }
          unanswered++
          channel.post({ type: 'ping' })
          return false
        },
      }
    },
  }
}

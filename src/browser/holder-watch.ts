import type { Environment } from '../core/environment.js'

/** A wait for the lock is cut into slices, for waiters that are left in its queue can hang there for good. */
export const sliceMs = 1000
/** After so many slices without a sign of life, the holder counts as dead or frozen. */
const silentSlices = 10

/**
 * Tells a slow holder of the lock from a dead or frozen one. Those who wait ask over the channel; the answer passes
 * through a timer, for a frozen page still handles messages while its timers stand still.
 */
export interface HolderWatch {
  /** Answers for this tab while `work` runs. */
  during<T>(work: Promise<T>): Promise<T>
  /** Begins a wait. `isHolderGone` is to be asked before each slice, `end` to be called after the last. */
  wait(): { isHolderGone(): boolean; end(): void }
}

export function createHolderWatch({ channel, clock }: Pick<Environment, 'channel' | 'clock'>): HolderWatch {
  let unanswered = 0
  return {
    during(work) {
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
    wait() {
      // What an earlier wait has counted is not enough by itself.
      unanswered = Math.min(unanswered, silentSlices - 1)
      const end = channel.listen(({ type }) => {
        if (type === 'alive') unanswered = 0
      })
      return {
        end,
        isHolderGone() {
          if (unanswered >= silentSlices) {
            unanswered = 0
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

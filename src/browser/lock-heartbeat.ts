import type { Environment } from '../core/environment.js'

/** A wait for the lock is cut into slices, since waiters that are left in its queue can hang there for good. */
export const sliceMs = 1000
/** After so many slices without an answer, the holder counts as dead or frozen. */
const silentSlices = 10
/** So many of them must be of the present wait, without a pause of this page in between. */
const freshSlices = 2

/**
 * Tells a slow holder of the lock from a dead or frozen one. Waiters ping over the channel; the answer passes through a
 * timer, since a frozen page still handles messages while its timers stand still.
 */
export interface LockHeartbeat {
  /** Answers for this tab while `work` runs. */
  answerDuring<T>(work: Promise<T>): Promise<T>
  /** Posts that this tab holds the lock now. */
  announce(): void
  /** Begins a wait. `isHolderGone` is to be called before each slice, `end` after the last. */
  wait(): {
    isHolderGone(): boolean
    /** The lock has another holder by now: the silence was not that one's. */
    restart(): void
    end(): void
  }
}

export function createLockHeartbeat({
  channel,
  clock,
}: Pick<Environment, 'channel' | 'clock'>): LockHeartbeat {
  let unanswered = 0
  return {
    answerDuring(work) {
      // This tab holds the lock, so no silent holder does.
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
      let pingedAt = 0
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
          const tookMs = clock.now() - pingedAt
          pingedAt = clock.now()
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

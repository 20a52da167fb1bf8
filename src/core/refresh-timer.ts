import { type Clock, longestTimerMs } from './clock.js'

/**
 * Calls `refresh` when it is due. The wall clock is compared whenever the timer fires, for machines sleep and clocks
 * jump; `reset` is to be called when the due time or the page's visibility may have changed.
 */
export function createRefreshTimer({
  clock,
  dueAt,
  refresh,
}: {
  clock: Clock
  /** `Infinity`: not now. */
  dueAt(): number
  refresh(): void
}): { reset(): void; stop(): void } {
  let cancel: (() => void) | undefined

  function reset(): void {
    cancel?.()
    const leftMs = dueAt() - clock.now()
    if (leftMs === Infinity) return
    cancel = clock.after(Math.min(Math.max(leftMs, 0), longestTimerMs), () => {
      if (dueAt() <= clock.now()) refresh()
      else reset()
    })
  }

  return { reset, stop: () => cancel?.() }
}

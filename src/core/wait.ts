import type { Clock } from './clock.js'

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

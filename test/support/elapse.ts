import { vi } from 'vitest'

const stepMs = 50

/** Lets fake time pass until `promise` has settled, and settles as it did. Fails when that takes more than `limitMs`. */
export async function elapse<T>(promise: Promise<T>, limitMs = 60_000): Promise<T> {
  let isSettled = false
  const settle = (): void => {
    isSettled = true
  }
  promise.then(settle, settle)
  for (let passedMs = 0; !isSettled; passedMs += stepMs) {
    if (passedMs > limitMs) throw new Error(`not settled after ${limitMs} ms`)
    await vi.advanceTimersByTimeAsync(stepMs)
  }
  return promise
}

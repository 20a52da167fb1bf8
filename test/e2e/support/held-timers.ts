/** Shorter timers are those of the browser's driver, and of pauses. */
const longMs = 1000

/** From now on no long timer ends in this page: whoever waits for a limit waits for good. */
export function holdLongTimers(): void {
  const { setTimeout } = globalThis
  const held = (callback: TimerHandler, ms = 0, ...args: unknown[]): unknown =>
    ms < longMs ? setTimeout(callback, ms, ...args) : 0
  Object.defineProperty(globalThis, 'setTimeout', { value: held, configurable: true })
}

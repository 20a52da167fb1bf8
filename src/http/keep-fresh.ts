import { longestTimerMs } from '../core/clock.js'
import type { Session } from '../core/session.js'
import { connectionOf } from './connection.js'

/** What a server says of its tokens' lifetime may be absurd. */
const leastGapMs = 1000

/**
 * Refreshes the session without any request, too, while the page can be seen: for dashboards, and for pages that hold a
 * WebSocket. Returns how to stop it; the session's `dispose` stops it as well.
 *
 * @throws {TypeError} for what is no session
 */
export function keepFresh<Claims>(session: Session<Claims>): () => void {
  const { lifecycle, clock, refreshAt, signal } = connectionOf(session)
  let cancel = (): void => {}
  let lastAt = -Infinity
  if (signal.aborted) return cancel

  function dueInMs(): number {
    const { state } = session
    const isIdle = state.status === 'signed-in' && !state.refreshing
    if (!isIdle || !lifecycle.isVisible() || !lifecycle.isOnline()) return Infinity
    const now = clock.now()
    // The clock may have been put back.
    lastAt = Math.min(lastAt, now)
    return Math.max(refreshAt(), lastAt + leastGapMs) - now
  }

  function schedule(): void {
    cancel()
    if (dueInMs() === Infinity) return
    // Machines sleep and clocks jump: whether it is due is checked again when the timer fires.
    cancel = clock.after(Math.min(Math.max(dueInMs(), 0), longestTimerMs), () => {
      if (dueInMs() > 0) return schedule()
      lastAt = clock.now()
      session.getAccessToken().catch(() => {}) // emitted as an event
    })
  }

  const stops = [session.subscribe(schedule), lifecycle.listen(schedule), () => cancel()]
  const stop = (): void => {
    for (const each of stops.splice(0)) each()
  }
  signal.addEventListener('abort', stop)
  return stop
}

import { longestTimerMs } from '../core/clock.js'
import type { Session } from '../core/session-contract.js'
import { guardOf } from './session-guard.js'

/**
 * Refreshes the session without any request, too, in pages that can be seen: for dashboards, and for pages that hold a
 * WebSocket. Returns the way to stop it, which the session's `dispose` takes as well.
 *
 * @throws {TypeError} for what is no session
 */
export function keepFresh<Claims>(session: Session<Claims>): () => void {
  const {
    gate,
    environment: { clock, page },
  } = guardOf(session)
  let cancel = (): void => {}

  function plan(): void {
    cancel()
    const isIdle = session.state.status === 'signed-in' && !session.state.refreshing
    const leftMs = isIdle && page.isVisible() && page.isOnline() ? gate.refreshAt() - clock.now() : Infinity
    if (leftMs === Infinity) return
    // Machines sleep and clocks jump: what is due is looked up again when the timer fires.
    cancel = clock.after(Math.min(Math.max(leftMs, 0), longestTimerMs), () => {
      if (gate.refreshAt() > clock.now()) plan()
      else session.getAccessToken().catch(() => {}) // emitted as an event
    })
  }

  const stops = [session.subscribe(plan), page.listen(plan), () => cancel()]
  const stop = (): void => {
    for (const each of stops.splice(0)) each()
  }
  gate.onDispose(stop)
  return stop
}

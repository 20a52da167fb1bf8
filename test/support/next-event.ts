import type { Session, SessionEvent } from '../../src/index.js'

/** Resolves with the session's next event of this type. */
export function nextEvent(session: Session, type: SessionEvent['type']): Promise<SessionEvent> {
  return new Promise((resolve) => {
    const stop = session.on((event) => {
      if (event.type !== type) return
      stop()
      resolve(event)
    })
  })
}

import { createStore, type StoreApi } from 'zustand/vanilla'
import type { Session, SessionState } from '../../../src/index.js'

/** The session's state as a zustand store, for `useStore(store, ({ status }) => status === 'signed-in')`. */
export function createSessionStore(session: Session): StoreApi<SessionState> {
  const store = createStore<SessionState>(() => session.state)
  session.subscribe((state) => store.setState(state, true))
  return store
}

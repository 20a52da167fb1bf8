/**
 * A session in React. Start with {@link useSession}.
 *
 * @module
 */
import { useSyncExternalStore } from 'react'
import type { JwtClaims } from './core/jwt.js'
import type { Session } from './core/session.js'
import type { SessionState } from './core/state.js'
import { serverState } from './core/state.js'

/**
 * The state of `session`; the component renders again when it changes. Create the session in a module, not in a
 * component: then neither StrictMode nor a re-mount creates a second one. On a server, and during hydration, the state is
 * `loading`.
 *
 * @throws {TypeError} without a session
 */
export function useSession<Claims = JwtClaims>(session: Session<Claims>): SessionState<Claims> {
  if (!session) throw new TypeError('useSession takes a session made by createSession')
  return useSyncExternalStore<SessionState<Claims>>(
    session.subscribe,
    () => session.state,
    () => serverState,
  )
}

/**
 * A session in Vue. Start with {@link useSession}.
 *
 * @module
 */
import {
  getCurrentInstance,
  type InjectionKey,
  inject,
  onMounted,
  onScopeDispose,
  type Plugin,
  type ShallowRef,
  shallowRef,
} from 'vue'
import type { JwtClaims } from './core/jwt.js'
import type { Session } from './core/session.js'
import type { SessionState } from './core/state.js'
import { serverState } from './core/state.js'

/** Registered, so that two copies of the library in an app understand each other. */
const key: InjectionKey<Session<never>> = Symbol.for('latchkey.session')

/** For `app.use`: from then on `useSession()` needs no argument in the components of that app. */
export function sessionPlugin<Claims>(session: Session<Claims>): Plugin {
  return { install: (app) => app.provide(key, session as Session<never>) }
}

/**
 * The state of `session`, by default of the one that `sessionPlugin` was given. Followed until the scope it was called in,
 * a component or a Pinia store, is disposed of. On a server, and during hydration, the state is `loading`.
 *
 * @throws {TypeError} without a session
 */
export function useSession<Claims = JwtClaims>(
  session = inject(key, undefined) as Session<Claims> | undefined,
): Readonly<ShallowRef<SessionState<Claims>>> {
  if (!session)
    throw new TypeError('useSession has no session: app.use(sessionPlugin(session)), or pass it one')

  // On the server, or during hydration, when the component has an element before it has rendered.
  const instance = getCurrentInstance()
  const isServerRendered = instance && (!('document' in globalThis) || instance.vnode.el)
  const state = shallowRef<SessionState<Claims>>(isServerRendered ? serverState : session.state)
  let stop: (() => void) | undefined
  const start = (): void => {
    stop = session.subscribe((next) => {
      state.value = next
    })
  }
  if (isServerRendered) onMounted(start)
  else start()
  onScopeDispose(() => stop?.())
  return state
}

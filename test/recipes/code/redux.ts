import type { Dispatch, UnknownAction } from 'redux'
import type { Session } from '../../../src/index.js'

/** What components select. It has no token: only the session needs it, and redux-persist would store it. */
export interface AuthState {
  status: 'loading' | 'signed-out' | 'signed-in'
  userId: string | null
}

interface WithAuth {
  auth: AuthState
}

const sessionChanged = 'auth/sessionChanged'
const nobody: AuthState = { status: 'loading', userId: null }

/** For `configureStore({ reducer: { auth: authReducer } })`. */
export const authReducer = (state: AuthState = nobody, action: UnknownAction): AuthState =>
  action.type === sessionChanged ? (action.payload as AuthState) : state

export const selectIsSignedIn = ({ auth }: WithAuth): boolean => auth.status === 'signed-in'
export const selectUserId = ({ auth }: WithAuth): string | null => auth.userId

/** Call it once, where you create the store. Returns a function that stops it. */
export function followSession(session: Session, dispatch: Dispatch): () => void {
  let before: AuthState | undefined
  return session.subscribe((state) => {
    const userId = state.status === 'signed-in' ? (state.claims?.sub ?? null) : null
    const payload: AuthState = { status: state.status, userId }
    // A refresh changes nothing that components select.
    if (before?.status === payload.status && before.userId === userId) return
    before = payload
    dispatch({ type: sessionChanged, payload })
  })
}

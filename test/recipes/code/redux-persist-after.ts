// store.ts, after
import axios from 'axios'
import { combineReducers, legacy_createStore as createStore, type UnknownAction } from 'redux'
import { type Persistor, persistReducer, persistStore } from 'redux-persist'
import storage from 'redux-persist/lib/storage'
import { withSession } from '../../../src/axios.js'
import { createSession, type SessionState } from '../../../src/index.js'
import { jsonRefresh } from '../../../src/servers.js'

export const session = createSession({ refresh: jsonRefresh({ url: '/auth/refresh' }) })
export const api = withSession(axios.create({ baseURL: '/api' }), session)

interface AuthState {
  status: SessionState['status']
  userId: string | null
}

const loading: AuthState = { status: 'loading', userId: null }

const auth = (state = loading, action: UnknownAction): AuthState =>
  action.type === 'auth/sessionChanged' ? (action.payload as AuthState) : state

const cart = (items: string[] = [], action: UnknownAction): string[] =>
  action.type === 'cart/added' ? [...items, action.payload as string] : items

const persisted = { key: 'root', storage, blacklist: ['auth'] }
export const store = createStore(persistReducer(persisted, combineReducers({ auth, cart })))

session.subscribe((state) => {
  const userId = state.status === 'signed-in' ? (state.claims?.sub ?? null) : null
  store.dispatch({ type: 'auth/sessionChanged', payload: { status: state.status, userId } })
})

export const selectIsSignedIn = ({ auth }: { auth: AuthState }) => auth.status === 'signed-in'

/** Call it once, before you render. redux-persist comes second: on its own, it could remove the old tokens unread. */
export async function start(): Promise<Persistor> {
  await takeOver()
  return persistStore(store)
}

/** Keeps those signed in whose tokens the old version persisted. Delete it when nobody has them any more. */
async function takeOver(): Promise<void> {
  await session.ready
  const root = JSON.parse(localStorage.getItem('persist:root') ?? '{}')
  if (typeof root.auth !== 'string') return
  const { accessToken, refreshToken } = JSON.parse(root.auth)
  if (accessToken && session.state.status === 'signed-out') {
    await session.setTokens({ accessToken, refreshToken })
  }
  delete root.auth
  localStorage.setItem('persist:root', JSON.stringify(root))
}

export async function signIn(credentials: object): Promise<void> {
  await session.setTokens(await axios.post('/auth/sign-in', credentials))
}

export async function signOut(): Promise<void> {
  await session.signOut()
}

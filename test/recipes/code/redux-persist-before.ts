// store.ts, before
import axios from 'axios'
import { combineReducers, legacy_createStore as createStore, type UnknownAction } from 'redux'
import { persistReducer, persistStore } from 'redux-persist'
import storage from 'redux-persist/lib/storage'

interface AuthState {
  accessToken: string | null
  refreshToken: string | null
}

const nobody: AuthState = { accessToken: null, refreshToken: null }

function auth(state = nobody, action: UnknownAction): AuthState {
  if (action.type === 'auth/tokensReceived') return action.payload as AuthState
  return action.type === 'auth/signedOut' ? nobody : state
}

const cart = (items: string[] = [], action: UnknownAction): string[] =>
  action.type === 'cart/added' ? [...items, action.payload as string] : items

export const store = createStore(persistReducer({ key: 'root', storage }, combineReducers({ auth, cart })))
export const persistor = persistStore(store)

export const selectIsSignedIn = ({ auth }: { auth: AuthState }) => auth.accessToken !== null

export const api = axios.create({ baseURL: '/api' })
api.interceptors.request.use((config) => {
  const { accessToken } = store.getState().auth
  if (accessToken) config.headers.Authorization = `Bearer ${accessToken}`
  return config
})

let refreshing: Promise<void> | null = null
api.interceptors.response.use(undefined, async (error) => {
  if (error.response?.status !== 401 || error.config._retry) throw error
  error.config._retry = true
  refreshing ??= refresh().finally(() => {
    refreshing = null
  })
  await refreshing
  return api(error.config)
})

async function refresh(): Promise<void> {
  const { refreshToken } = store.getState().auth
  try {
    const { data } = await axios.post('/auth/refresh', { refreshToken })
    store.dispatch({ type: 'auth/tokensReceived', payload: data })
  } catch (error) {
    signOut()
    throw error
  }
}

export async function signIn(credentials: object): Promise<void> {
  const { data } = await axios.post('/auth/sign-in', credentials)
  store.dispatch({ type: 'auth/tokensReceived', payload: data })
}

export function signOut(): void {
  store.dispatch({ type: 'auth/signedOut' })
}

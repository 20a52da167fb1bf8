// auth.ts, before: the access token in one of two storages, the refresh token in an HttpOnly cookie
import axios from 'axios'

const readToken = () => localStorage.getItem('token') ?? sessionStorage.getItem('token')

function keepToken(token: string, remember: boolean): void {
  const storage = remember ? localStorage : sessionStorage
  storage.setItem('token', token)
}

const auth = axios.create({
  baseURL: '/auth',
  withCredentials: true,
  headers: { 'X-Requested-With': 'XMLHttpRequest' },
})
export const api = axios.create({ baseURL: '/api' })
api.interceptors.request.use((config) => {
  config.headers.Authorization = `Bearer ${readToken()}`
  return config
})

let isRefreshing = false
let subscribers: ((token: string) => void)[] = []
api.interceptors.response.use(undefined, async (error) => {
  const { config, response } = error
  if (response?.status !== 401 || config._retry) throw error
  config._retry = true
  if (isRefreshing) {
    return new Promise((resolve) => {
      subscribers.push(() => resolve(api(config)))
    })
  }
  isRefreshing = true
  try {
    const { data } = await auth.post('/refresh')
    keepToken(data.accessToken, localStorage.getItem('token') !== null)
    for (const subscriber of subscribers) subscriber(data.accessToken)
    subscribers = []
    return api(config)
  } catch (failure) {
    localStorage.removeItem('token')
    sessionStorage.removeItem('token')
    location.href = '/sign-in'
    throw failure
  } finally {
    isRefreshing = false
  }
})

export const isSignedIn = () => readToken() !== null

export async function signIn(credentials: object, remember: boolean): Promise<void> {
  const { data } = await auth.post('/sign-in', credentials)
  keepToken(data.accessToken, remember)
}

export async function signOut(): Promise<void> {
  await auth.post('/sign-out')
  localStorage.clear()
  sessionStorage.clear()
}

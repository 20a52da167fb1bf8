import axios from 'axios'
import { baseUrlOf, type Client } from './client.js'
import { addCopiedInterceptor } from './copied-interceptor.js'

/** The interceptor that goes from blog to blog, for comparison. It speaks the header protocol alone. */
export function createCopiedClient(): Client {
  const baseURL = baseUrlOf('copied', 'headers')
  const api = axios.create({ baseURL, adapter: 'fetch' })
  const bare = axios.create({ baseURL, adapter: 'fetch' })
  addCopiedInterceptor(api, new URL('auth/refresh', baseURL).href)

  const bothTokens = (): { headers: Record<string, string | null> } => ({
    headers: {
      Authorization: `Bearer ${localStorage.getItem('accessToken')}`,
      Refresh: localStorage.getItem('refreshToken'),
    },
  })

  return {
    side: 'copied',

    get isSignedIn() {
      return localStorage.getItem('refreshToken') !== null
    },

    async signIn(username, password) {
      const { data } = await bare.post('auth/login', { username, password })
      localStorage.setItem('accessToken', data.accessToken)
      localStorage.setItem('refreshToken', data.refreshToken)
      return true
    },

    async signOut() {
      await bare.post('auth/logout', null, bothTokens()).catch(() => {})
      localStorage.removeItem('accessToken')
      localStorage.removeItem('refreshToken')
    },

    async call(path, latencyMs) {
      return (await api.get(path, { params: { latencyMs } })).data
    },

    async endTokenEarly() {
      await bare.post('auth/expire', null, bothTokens())
    },
  }
}

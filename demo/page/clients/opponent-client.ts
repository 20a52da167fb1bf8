import axios from 'axios'
import { jwtDecode } from 'jwt-decode'
import type { OpponentName } from '../../backend/side-names.js'
import { realNow } from '../clock.js'
import { baseUrlOf, type Client } from './client.js'
import { opponents } from './opponents/index.js'

/** What an answer without tokens leaves behind, where nobody looks before it is stored. */
const noToken = 'undefined'

/** An interceptor that people have, in an app of its own. It speaks the header protocol alone. */
export function createOpponentClient(side: OpponentName, storage: Storage): Client {
  // The wire is watched at `fetch`, that of the interceptor's own calls as well.
  axios.defaults.adapter = 'fetch'
  const baseURL = baseUrlOf(side, 'headers')
  const api = axios.create({ baseURL })
  const bare = axios.create({ baseURL })
  opponents[side].addInterceptors(api, new URL('auth/refresh', baseURL).href, storage)

  const tokens = (): (string | null)[] => [storage.getItem('accessToken'), storage.getItem('refreshToken')]

  const bothTokens = (): { headers: Record<string, string | null> } => {
    const [accessToken, refreshToken] = tokens()
    return { headers: { Authorization: `Bearer ${accessToken}`, Refresh: refreshToken ?? null } }
  }

  return {
    side,

    get standing() {
      if (tokens().includes(null)) return 'signed-out'
      return tokens().includes(noToken) ? 'tokens-lost' : 'signed-in'
    },

    get expiresInMs() {
      const token = storage.getItem('accessToken')
      return token ? (jwtDecode(token).exp ?? 0) * 1000 - realNow() : 0
    },

    async signIn(username, password) {
      const { data } = await bare.post('auth/login', { username, password })
      storage.setItem('accessToken', data.accessToken)
      storage.setItem('refreshToken', data.refreshToken)
      return true
    },

    async signOut() {
      await bare.post('auth/logout', null, bothTokens()).catch(() => {})
      storage.removeItem('accessToken')
      storage.removeItem('refreshToken')
    },

    async call(path, latencyMs) {
      return (await api.get(path, { params: { latencyMs } })).data
    },

    async endTokenEarly() {
      await bare.post('auth/expire', null, bothTokens())
    },
  }
}

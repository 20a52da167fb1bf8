import axios from 'axios'
import { withSession } from '../../../src/axios.js'
import type { Session } from '../../../src/index.js'
import { baseUrlOf, type Client } from './client.js'
import type { DemoClaims } from './session.js'

export function createLatchkeyClient(session: Session<DemoClaims>, protocol: string): Client {
  const baseURL = baseUrlOf('latchkey', protocol)
  const api = withSession(axios.create({ baseURL, adapter: 'fetch' }), session)

  return {
    side: 'latchkey',

    get isSignedIn() {
      return session.state.status === 'signed-in'
    },

    async signIn(username, password) {
      const reply = await api.post(
        'auth/login',
        { username, password },
        { latchkey: false, validateStatus: (status) => status === 200 || status === 401 },
      )
      if (reply.status === 401) return false
      const { accessToken, refreshToken, expiresIn } = reply.data
      await session.setTokens({ accessToken, ...(refreshToken && { refreshToken }), expiresIn })
      return true
    },

    async signOut() {
      // The server is told with whatever token there is, but nobody waits for long: leaving must work offline as well.
      const told = api.post('auth/logout', null, { latchkey: { refresh: false }, timeout: 2_000 })
      await told.catch(() => {})
      await session.signOut()
    },

    async call(path, latencyMs) {
      return (await api.get(path, { params: { latencyMs } })).data
    },

    async endTokenEarly() {
      await api.post('auth/expire', null, { latchkey: { refresh: false } })
    },
  }
}

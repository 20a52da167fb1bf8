import axios from 'axios'
import { withSession } from '../../../src/axios.js'
import type { Session } from '../../../src/index.js'
import type { WorkerSideName } from '../../backend/side-names.js'
import { baseUrlOf, type Client } from './client.js'
import type { DemoClaims } from './session.js'

export function createLatchkeyClient(
  session: Session<DemoClaims>,
  protocol: string,
  side: 'latchkey' | WorkerSideName = 'latchkey',
): Client {
  const baseURL = baseUrlOf(side, protocol)
  const api = withSession(axios.create({ baseURL, adapter: 'fetch' }), session)

  return {
    side,

    get standing() {
      return session.state.status === 'signed-in' ? 'signed-in' : 'signed-out'
    },

    get expiresInMs() {
      const { state } = session
      return state.status === 'signed-in' ? (state.expiresAt ?? 0) - Date.now() : 0
    },

    async signIn(username, password) {
      const reply = await api.post(
        'auth/login',
        { username, password },
        { latchkey: false, validateStatus: (status) => status === 200 || status === 401 },
      )
      if (reply.status === 401) return false
      await session.setTokens(reply)
      return true
    },

    signOut: () => session.signOut(),

    async call(path, latencyMs) {
      return (await api.get(path, { params: { latencyMs } })).data
    },

    async endTokenEarly() {
      await api.post('auth/expire', null, { latchkey: { refresh: false } })
    },
  }
}

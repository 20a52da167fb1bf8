import axios from 'axios'
import { withSession } from '../../src/axios.js'
import type { Session } from '../../src/index.js'
import type { DemoClaims } from './session.js'

export interface Counters {
  requests: number
  accepted: number
  refused: number
  refreshes: number
  refreshesRefused: number
  reuseDetected: number
  sessions: number
}

/** The requests this page makes. */
export interface DemoServer {
  /** Resolves with what to tell the user when the server would not have them, or null. */
  signIn(username: string, password: string): Promise<string | null>
  signOut(): Promise<void>
  /** A call to the protected API, with nothing special about it. */
  call(path: string, params?: { latencyMs: number }): Promise<unknown>
  counters(): Promise<Counters>
  /** The server takes the access token for expired from now on. */
  endTokenEarly(): Promise<void>
  /** The answer to the next refresh takes so long. */
  delayNextRefresh(refreshLatencyMs: number): Promise<void>
}

export function connectDemoServer(session: Session<DemoClaims>): DemoServer {
  const api = withSession(axios.create(), session)

  return {
    async signIn(username, password) {
      const reply = await api.post(
        '/auth/login',
        { username, password },
        { latchkey: false, validateStatus: (status) => status === 200 || status === 401 },
      )
      if (reply.status === 401) return reply.data.message
      await session.setTokens(reply.data)
      return null
    },

    async signOut() {
      // The server is told with whatever token there is, but nobody waits for long: leaving must work offline as well.
      const told = api.post('/auth/logout', null, { latchkey: { refresh: false }, timeout: 2_000 })
      await told.catch(() => {})
      await session.signOut()
    },

    async call(path, params) {
      return (await api.get(path, { params })).data
    },

    async counters() {
      return (await api.get<Counters>('/api/counters', { latchkey: false })).data
    },

    async endTokenEarly() {
      await api.post('/auth/expire', null, { latchkey: { refresh: false } })
    },

    async delayNextRefresh(refreshLatencyMs) {
      await api.post('/api/faults', { refreshLatencyMs }, { latchkey: false })
    },
  }
}

import axios from 'axios'
import { withSession } from '../../../../src/axios.js'
import { createSession } from '../../../../src/index.js'
import { springAuthorizationRefresh } from '../../../../src/servers.js'
import { exposeApp, serverUrl } from './expose-app.js'

declare global {
  interface Window {
    /** The codes of the session's warnings. */
    warnings?: string[]
  }
}

const server = serverUrl()
const session = createSession({ refresh: springAuthorizationRefresh({ url: `${server}/reissue` }) })
const api = withSession(axios.create({ baseURL: server }), session)

const warnings: string[] = []
session.on((event) => event.type === 'warning' && warnings.push(event.code))
Object.assign(window, { warnings })

exposeApp({
  session,
  async signIn(user) {
    await session.setTokens(await axios.post(`${server}/login`, { user }))
  },
  async getUser() {
    const { data } = await api.get<{ user: string }>('/me')
    return data.user
  },
})

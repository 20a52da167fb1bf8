import axios from 'axios'
import { withSession } from '../../../../src/axios.js'
import { createSession, memoryStore } from '../../../../src/index.js'
import { cookie } from '../../../../src/servers.js'
import { exposeApp, serverUrl } from './expose-app.js'

const server = serverUrl()
const session = createSession({
  refresh: cookie({
    url: `${server}/auth/refresh`,
    signOut: `${server}/auth/logout`,
    csrf: { header: 'X-CSRF-Token', from: 'csrf' },
  }),
  store: memoryStore(),
})
const api = withSession(axios.create({ baseURL: server }), session)

exposeApp({
  session,
  async signIn(user) {
    await session.setTokens(await axios.post(`${server}/auth/login`, { user }, { withCredentials: true }))
  },
  async getUser() {
    const { data } = await api.get<{ user: string }>('/api/me')
    return data.user
  },
})

import axios from 'axios'
import { withSession } from '../../../../src/axios.js'
import { createSession } from '../../../../src/index.js'
import { nestBearer } from '../../../../src/servers.js'
import { exposeApp, serverUrl } from './expose-app.js'

const server = `${serverUrl()}/api/v1`
const session = createSession({
  refresh: nestBearer({
    url: `${server}/auth/refresh`,
    // It wants to know whose access token it is.
    signOut: {
      url: `${server}/auth/logout`,
      send: ({ accessToken }) => ({ headers: { Authorization: `Bearer ${accessToken}` } }),
    },
  }),
})
const api = withSession(axios.create({ baseURL: server }), session)

exposeApp({
  session,
  async signIn(user) {
    await session.setTokens(
      await axios.post(`${server}/auth/email/login`, { email: user, password: 'secret' }),
    )
  },
  async getUser() {
    const { data } = await api.get<{ email: string }>('/auth/me')
    return data.email
  },
})

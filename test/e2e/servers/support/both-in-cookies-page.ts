import axios from 'axios'
import { withSession } from '../../../../src/axios.js'
import { withSession as guardFetch } from '../../../../src/fetch.js'
import { createSession } from '../../../../src/index.js'
import { cookie } from '../../../../src/servers.js'
import { exposeApp, serverUrl } from './expose-app.js'

const server = serverUrl()
const session = createSession({
  refresh: cookie({
    url: `${server}/auth/refresh`,
    signOut: `${server}/auth/logout`,
    accessToken: 'cookie',
    csrf: { header: 'X-CSRF-Token', from: 'csrf' },
  }),
})
const api = withSession(axios.create({ baseURL: server }), session)
const guardedFetch = guardFetch(fetch, session)

exposeApp({
  session,
  async signIn(user) {
    await session.setTokens(await api.post('/auth/login', { user }))
  },
  async getUser() {
    const { data } = await api.get<{ user: string }>('/api/me')
    return data.user
  },
})

Object.assign(window, {
  order: (article: string) => api.post('/api/orders', { article }).then(({ status }) => status),
  fetchUser: () =>
    guardedFetch(`${server}/api/me`)
      .then((response) => response.json())
      .then(({ user }) => user),
  claims: () => ('claims' in session.state ? session.state.claims : undefined),
})

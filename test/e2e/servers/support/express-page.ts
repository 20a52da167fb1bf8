import axios from 'axios'
import { withSession } from '../../../../src/axios.js'
import { createSession } from '../../../../src/index.js'
import { headerPair } from '../../../../src/servers.js'
import { exposeApp, serverUrl } from './expose-app.js'

const server = serverUrl()
const session = createSession({ refresh: headerPair({ url: `${server}/refresh` }) })
const api = withSession(axios.create({ baseURL: server }), session)

exposeApp({
  session,
  async signIn(user) {
    await session.setTokens(await axios.post(`${server}/login`, { id: user, password: 'secret' }))
  },
  async getUser() {
    const { data } = await api.get<{ data: { id: string } }>('/profile')
    return data.data.id
  },
})

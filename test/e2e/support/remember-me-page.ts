// A page whose users choose at the sign-in whether they are remembered.
import axios from 'axios'
import { withSession } from '../../../src/axios.js'
import { createSession, rememberMeStore } from '../../../src/index.js'
import { headerPair } from '../../../src/servers.js'
import type { App } from './page.js'
import { readRecord } from './record.js'

const session = createSession({ refresh: headerPair({ url: '/auth/refresh' }), store: rememberMeStore() })
const api = withSession(axios.create({ baseURL: location.origin }), session)

const app: Pick<App, 'ready' | 'signIn' | 'status' | 'get' | 'readRecord'> & {
  signInAnd(choice: 'remember' | 'forget'): Promise<void>
} = {
  ready: () => session.ready,
  signIn: (user) => app.signInAnd('remember').then(() => void user),
  async signInAnd(choice) {
    const { data } = await axios.post('/auth/sign-in?user=ada')
    await session.setTokens(data, { remember: choice === 'remember' })
  },
  status: () => session.state.status,
  get: (times) =>
    Promise.all(
      Array.from({ length: times }, (_, n) =>
        api.get(`/api/me?n=${n}`).then(
          ({ data }) => data.user,
          (error) => String(error.response?.status ?? error.code),
        ),
      ),
    ),
  readRecord,
}
Object.assign(window, { app })

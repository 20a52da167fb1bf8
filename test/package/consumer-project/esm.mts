import axios, { type AxiosAdapter, type AxiosInstance } from 'axios'
import { createSession, memoryStore, type Session } from 'latchkey'
import { withSession } from 'latchkey/axios'
import { headerPair } from 'latchkey/servers'

const echo: AxiosAdapter = async (config) => ({
  data: { authorization: config.headers.get('Authorization') ?? null },
  status: 200,
  statusText: 'OK',
  headers: {},
  config,
})

const session: Session = createSession({
  refresh: headerPair({ url: 'https://api.example.com/auth/refresh' }),
  store: memoryStore(),
})
const api: AxiosInstance = withSession(
  axios.create({ baseURL: 'https://api.example.com', adapter: echo }),
  session,
)

await session.setTokens({ accessToken: 'the-token', refreshToken: 'the-refresh-token', expiresIn: 3600 })
const attached = await api.get<{ authorization: string | null }>('/me')
const optedOut = await api.get<{ authorization: string | null }>('/me', { latchkey: false })
// @ts-expect-error: the option is typed, not `any`
const _wrong = () => api.get('/me', { latchkey: 'never' })
session.dispose()

console.log(JSON.stringify([attached.data.authorization, optedOut.data.authorization]))

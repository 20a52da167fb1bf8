import axios from 'axios'
import { createSession } from 'latchkey'
import { withSession } from 'latchkey/axios'
import { headerPair } from 'latchkey/servers'

export const session = createSession({ refresh: headerPair({ url: '/auth/refresh' }) })
export const api = withSession(axios.create(), session)

export async function signIn(user: string): Promise<void> {
  const { data } = await axios.post('/auth/sign-in', { user })
  await session.setTokens(data)
}

// A hot update makes a new session; the old one must not go on beside it.
import.meta.hot?.dispose(() => session.dispose())

import { QueryClient } from '@tanstack/react-query'
import axios from 'axios'
import { createSession, shouldRetry } from 'latchkey'
import { withSession } from 'latchkey/axios'
import { headerPair } from 'latchkey/servers'

// In a module, not in a component: there is one session, however often components are mounted.
export const session = createSession({ refresh: headerPair({ url: '/auth/refresh' }) })
export const api = withSession(axios.create(), session)

export const queryClient = new QueryClient({ defaultOptions: { queries: { retry: shouldRetry } } })

// What one user has fetched is nothing for the next.
session.on(({ type }) => {
  if (type === 'signed-in' || type === 'signed-out' || type === 'expired') queryClient.clear()
})

export async function signIn(user: string): Promise<void> {
  const { data } = await axios.post('/auth/sign-in', { user })
  await session.setTokens(data)
}

// A hot update makes a new session; the old one must not go on beside it.
import.meta.hot?.dispose(() => session.dispose())

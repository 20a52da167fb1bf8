import axios, { type AxiosInstance, type CreateAxiosDefaults } from 'axios'
import { onTestFinished } from 'vitest'
import { withSession } from '../../src/axios.js'
import {
  createSession,
  memoryStore,
  type Session,
  type SessionOptions,
  type TokenSet,
} from '../../src/index.js'
import { headerPair } from '../../src/servers.js'
import { refreshUrl } from './backend.js'

/** A session that is disposed of when the test is over. */
export function openSession(options: Partial<SessionOptions> = {}): Session {
  const session = createSession({
    refresh: headerPair({ url: refreshUrl }),
    store: memoryStore(),
    ...options,
  })
  onTestFinished(() => {
    // A refresh call that was sent would be waited for after `dispose`.
    void session.signOut().catch(() => {})
    session.dispose()
    // Where a sign-out is remembered.
    globalThis.localStorage?.clear()
  })
  return session
}

/** An axios instance that `session` guards, with the API as its base. */
export const guard = (session: Session, defaults: CreateAxiosDefaults = {}): AxiosInstance =>
  withSession(axios.create({ baseURL: 'http://app.test/api', ...defaults }), session)

/** A signed-in user at a guarded instance. */
export async function signIn(
  options: Partial<SessionOptions> = {},
  tokens: Partial<TokenSet> = {},
): Promise<{ session: Session; api: AxiosInstance }> {
  const session = openSession(options)
  await session.setTokens({ accessToken: 'access-1', refreshToken: 'refresh-1', ...tokens })
  return { session, api: guard(session) }
}

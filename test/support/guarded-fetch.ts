import { type Fetch, type WithSessionOptions, withSession } from '../../src/fetch.js'
import type { Session, SessionOptions, TokenSet } from '../../src/index.js'
import { openSession } from './guarded-api.js'

export const apiUrl = 'http://app.test/api'

/** The platform's `fetch`, as it is when the call is made, for the backend of a test takes its place. */
export const platformFetch: Fetch = (input, init) => fetch(input, init)

/** A `fetch` that `session` guards. */
export const guardFetch = (session: Session, options?: WithSessionOptions): Fetch =>
  withSession(platformFetch, session, options)

/** A signed-in user at a guarded `fetch`; `get` takes paths of the API. */
export async function signIn(options: Partial<SessionOptions> = {}, tokens: Partial<TokenSet> = {}) {
  const session = openSession(options)
  await session.setTokens({ accessToken: 'access-1', refreshToken: 'refresh-1', ...tokens })
  const api = guardFetch(session)
  const get = (path: string, init?: RequestInit): Promise<Response> => api(apiUrl + path, init)
  return { session, api, get }
}

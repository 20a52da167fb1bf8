import axios from 'axios'
import { type AxiosCacheInstance, defaultKeyGenerator, setupCache } from 'axios-cache-interceptor'
import { withSession } from '../../../src/axios.js'
import type { Session } from '../../../src/index.js'

/** A cache that keeps the replies of each session apart, and forgets them when it is over. */
export function createCachedApi(session: Session, baseURL: string): AxiosCacheInstance {
  const cached = setupCache(axios.create({ baseURL }), {
    generateKey({ id, latchkey, ...request }, meta) {
      const owner = latchkey ? latchkey.session : undefined
      return id ?? `${owner} ${defaultKeyGenerator(request, meta)}`
    },
  })
  session.on(({ type }) => {
    if (['signed-in', 'signed-out', 'expired'].includes(type)) cached.storage.clear?.()
  })
  // The guard comes last: what is in the cache is then served whatever the state of the token.
  return withSession(cached, session)
}

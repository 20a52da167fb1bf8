import axios from 'axios'
import { type AxiosCacheInstance, defaultKeyGenerator, setupCache } from 'axios-cache-interceptor'
import { withSession } from '../../../src/axios.js'
import type { Session } from '../../../src/index.js'

/** A cache that separates the replies of each session, and clears them when the session ends. */
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
  // Wrap the instance last, so that the cache answers whatever the state of the token is.
  return withSession(cached, session)
}

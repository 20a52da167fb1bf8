import axios from 'axios'
import { withSession } from '../../dist/axios.js'
import { createSession } from '../../dist/index.js'
import { headerPair } from '../../dist/servers.js'

/** @type {import('./peer.js').Peer} */
export default {
  name: 'Latchkey',
  async wire(place) {
    const session = await startSession(place)
    const { origin, adapter } = place
    const api = withSession(axios.create({ baseURL: origin, ...(adapter && { adapter }) }), session)
    return {
      signIn: (tokens) => session.setTokens(tokenSetOf(tokens)),
      get: (path, options) => api.get(path, options),
      close: session.dispose,
    }
  },
}

/** @param {import('./peer.js').Place} place */
export async function startSession({ origin, aheadMs, storage }) {
  const session = createSession({
    refresh: {
      ...headerPair({ url: `${origin}/auth/refresh` }),
      // The server takes a refresh at any time.
      ...(aheadMs > 0 && { timing: /** @type {const} */ ('any') }),
    },
    refreshAheadMs: aheadMs,
    // Node has none of the stores of a page.
    ...(!('indexedDB' in globalThis) && { store: storeIn(storage) }),
  })
  await session.ready
  return session
}

/** @param {import('./peer.js').Place['storage']} storage @returns {import('../../src/index.js').TokenStore} */
const storeIn = (storage) => ({
  read: () => JSON.parse(storage.getItem('latchkey') ?? 'null'),
  write: (tokens) => storage.setItem('latchkey', JSON.stringify(tokens)),
})

/** @param {import('./peer.js').Tokens} tokens */
export const tokenSetOf = ({ accessToken, refreshToken, expires_in }) => ({
  accessToken,
  refreshToken,
  expiresIn: expires_in,
})

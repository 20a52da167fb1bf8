import { withSession } from '../../dist/fetch.js'
import { accepted } from './bare-fetch.mjs'
import { startSession, tokenSetOf } from './latchkey.mjs'

/** @type {import('./peer.js').Peer} */
export default {
  name: 'Latchkey, fetch',
  async wire(place) {
    const session = await startSession(place)
    const { origin, fetch: send = (input, init) => fetch(input, init) } = place
    const api = withSession(send, session)
    return {
      signIn: (tokens) => session.setTokens(tokenSetOf(tokens)),
      get: async (path, options) => accepted(await api(origin + path, options)),
      close: session.dispose,
    }
  },
}

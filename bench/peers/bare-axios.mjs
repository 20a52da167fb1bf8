import axios from 'axios'

/** No header, no token: what everything is compared with. @type {import('./peer.js').Peer} */
export default {
  name: 'bare axios',
  wire({ origin, adapter }) {
    const api = axios.create({ baseURL: origin, ...(adapter && { adapter }) })
    return { signIn() {}, get: (path, options) => api.get(path, options) }
  },
}

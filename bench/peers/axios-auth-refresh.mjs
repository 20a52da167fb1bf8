import axios from 'axios'
import { createAuthRefresh } from 'axios-auth-refresh'
import { createPair } from './pair.mjs'

/** Its README's wiring. With its default, `deduplicateRefresh: true`, all but one of the requests in flight fail. @type {import('./peer.js').Peer} */
export default {
  name: 'axios-auth-refresh',
  wire(place) {
    const pair = createPair(place)
    const api = axios.create({ baseURL: place.origin, ...(place.adapter && { adapter: place.adapter }) })
    api.interceptors.request.use((request) => {
      request.headers.Authorization = `Bearer ${pair.accessToken()}`
      return request
    })
    createAuthRefresh(api, () => pair.refresh(), { deduplicateRefresh: false })
    return { signIn: pair.keep, get: (path, options) => api.get(path, options) }
  },
}

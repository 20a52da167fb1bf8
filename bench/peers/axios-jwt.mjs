import axios from 'axios'
import { applyAuthTokenInterceptor, setAuthTokens } from 'axios-jwt'
import { createPair } from './pair.mjs'

/** Its README's wiring. It looks at the token's own expiry, never at the server's answer. @type {import('./peer.js').Peer} */
export default {
  name: 'axios-jwt',
  wire(place) {
    const pair = createPair(place)
    const { storage } = place
    const api = axios.create({ baseURL: place.origin, ...(place.adapter && { adapter: place.adapter }) })
    applyAuthTokenInterceptor(api, {
      requestRefresh: (refreshToken) => pair.fetch(refreshToken),
      tokenExpireFudge: place.aheadMs / 1000,
      getStorage: () => ({
        get: async (key) => storage.getItem(key),
        set: async (key, value) => storage.setItem(key, value),
        remove: async (key) => storage.removeItem(key),
      }),
    })
    return {
      signIn: ({ accessToken, refreshToken }) => setAuthTokens({ accessToken, refreshToken }),
      get: (path, options) => api.get(path, options),
    }
  },
}

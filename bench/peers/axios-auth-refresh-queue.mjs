import axios from 'axios'
import { applyAuthTokenInterceptor } from 'axios-auth-refresh-queue'
import { createPair, expiryOf } from './pair.mjs'

/** Its README's wiring, with what it asks for between tabs. @type {import('./peer.js').Peer} */
export default {
  name: 'axios-auth-refresh-queue',
  wire(place) {
    const pair = createPair(place)
    const api = axios.create({ baseURL: place.origin, ...(place.adapter && { adapter: place.adapter }) })
    applyAuthTokenInterceptor(api, {
      headerTokenHandler(request) {
        request.headers.Authorization = `Bearer ${pair.accessToken()}`
      },
      getRefreshToken: pair.refreshToken,
      requestRefresh: (refreshToken) => pair.fetch(refreshToken),
      onSuccess: pair.keep,
      onFailure() {},
      async checkTokenIsValid() {
        const token = pair.accessToken()
        return place.expiry === 'known' && expiryOf(token) > Date.now() ? token : null
      },
    })
    return { signIn: pair.keep, get: (path, options) => api.get(path, options) }
  },
}

import { createAlova } from 'alova'
import { createClientTokenAuthentication, createServerTokenAuthentication } from 'alova/client'
import adapterFetch from 'alova/fetch'
import { accepted } from './bare-fetch.mjs'
import { createPair, expiryOf } from './pair.mjs'

/** Its token authentication: the client's where the expiry is known, the server's where it is not. No cache, no sharing. @type {import('./peer.js').Peer} */
export default {
  name: 'alova',
  wire(place) {
    const pair = createPair(place)
    const handler = async () => void (await pair.refresh())
    /** @param {{ config: { headers: Record<string, string> } }} method */
    const assignToken = (method) => {
      method.config.headers.Authorization = `Bearer ${pair.accessToken()}`
    }
    const { onAuthRequired, onResponseRefreshToken } =
      place.expiry === 'known'
        ? createClientTokenAuthentication({
            assignToken,
            refreshToken: {
              isExpired: () => expiryOf(pair.accessToken()) - place.aheadMs <= Date.now(),
              handler,
            },
          })
        : createServerTokenAuthentication({
            assignToken,
            refreshTokenOnSuccess: { isExpired: (response) => response.status === 401, handler },
          })
    const fetchAdapter = adapterFetch(place.fetch && { customFetch: place.fetch })
    const api = createAlova({
      baseURL: place.origin,
      requestAdapter: fetchAdapter,
      cacheFor: null,
      shareRequest: false,
      beforeRequest: onAuthRequired(),
      responded: onResponseRefreshToken({ onSuccess: accepted }),
    })
    return { signIn: pair.keep, get: async (path) => api.Get(path) }
  },
}

import ky from 'ky'

/** Its README's recipe: each refused request fetches a token of its own. @type {import('./peer.js').Peer} */
export default {
  name: 'ky, README recipe',
  wire({ origin, storage, fetch: send }) {
    /** @param {{ accessToken: string, refreshToken: string }} tokens */
    const keep = ({ accessToken, refreshToken }) => {
      storage.setItem('access', accessToken)
      storage.setItem('refresh', refreshToken)
    }
    const api = ky.create({
      prefixUrl: origin,
      ...(send && { fetch: send }),
      hooks: {
        beforeRequest: [
          (request, _options, { retryCount }) => {
            if (retryCount === 0) request.headers.set('Authorization', `Bearer ${storage.getItem('access')}`)
          },
        ],
        afterResponse: [
          async (request, _options, response, state) => {
            if (response.status !== 401 || state.retryCount > 0) return undefined
            const json = { refreshToken: storage.getItem('refresh') }
            /** @type {import('./peer.js').Tokens} */
            const tokens = await ky.post(`${origin}/auth/refresh`, { json }).json()
            keep(tokens)
            const headers = new Headers(request.headers)
            headers.set('Authorization', `Bearer ${tokens.accessToken}`)
            return ky.retry({ request: new Request(request, { headers }), code: 'TOKEN_REFRESHED' })
          },
        ],
      },
    })
    return { signIn: keep, get: async (path, options) => api.get(path.slice(1), options) }
  },
}

import axios from 'axios'

/**
 * The tokens of an app whose library leaves them to it, and the call of the refresh endpoint.
 *
 * @param {import('./peer.js').Place} place
 */
export function createPair({ origin, storage }) {
  /** @param {{ accessToken: string, refreshToken: string }} tokens */
  function keep({ accessToken, refreshToken }) {
    storage.setItem('access', accessToken)
    storage.setItem('refresh', refreshToken)
  }

  return {
    keep,
    accessToken: () => storage.getItem('access'),
    refreshToken: () => storage.getItem('refresh'),
    /** @param {string | null} refreshToken */
    async fetch(refreshToken) {
      const { data } = await axios.post(`${origin}/auth/refresh`, { refreshToken })
      return /** @type {import('./peer.js').Tokens} */ (data)
    },
    async refresh() {
      const tokens = await this.fetch(this.refreshToken())
      keep(tokens)
      return tokens.accessToken
    },
  }
}

/** When a JWT expires, in milliseconds since the epoch. @param {string | null} token */
export function expiryOf(token) {
  if (!token) return 0
  const [, claims = ''] = token.split('.')
  return JSON.parse(atob(claims.replace(/-/g, '+').replace(/_/g, '/'))).exp * 1000
}

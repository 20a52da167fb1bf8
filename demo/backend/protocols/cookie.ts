import type { Protocol } from './protocol.js'

const name = 'refresh_token'

/** The refresh token in a cookie that no script can read. A header that no form can send tells the page from another site. */
export const cookie: Protocol = {
  refreshPath: 'auth/refresh',
  signOutPath: 'auth/logout',
  read({ headers, cookies }) {
    const refreshToken = cookies.get(name)
    return refreshToken && headers.has('X-Requested-With') ? { refreshToken } : null
  },
  grant({ accessToken, refreshToken, expiresInS }, cookies) {
    cookies.set(name, refreshToken)
    return Response.json({ accessToken, expiresIn: expiresInS })
  },
  forget: (cookies) => cookies.remove(name),
  refuse: () => Response.json({ message: 'The session is over' }, { status: 401 }),
  malformed: () => Response.json({ message: 'There is no session cookie' }, { status: 401 }),
}

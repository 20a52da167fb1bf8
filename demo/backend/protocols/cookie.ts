import type { Cookies, Granted, Protocol } from './protocol.js'

const name = 'refresh_token'

function grant({ accessToken, refreshToken, expiresInS }: Granted, cookies: Cookies): Response {
  cookies.set(name, refreshToken)
  return Response.json({ accessToken, expiresIn: expiresInS })
}

/** The refresh token in a cookie that no script can read. A header that no form can send tells the page from another site. */
export const cookie: Protocol = {
  refreshPath: 'auth/refresh',
  read({ headers, cookies }) {
    const refreshToken = cookies.get(name)
    return refreshToken && headers.has('X-Requested-With') ? { refreshToken } : null
  },
  grant,
  answerSignIn: grant,
  signOut: (cookies) => cookies.remove(name),
  refuse: () => Response.json({ message: 'The session is over' }, { status: 401 }),
  malformed: () => Response.json({ message: 'There is no session cookie' }, { status: 401 }),
}

import { type Protocol, readFields } from './protocol.js'

/** Both tokens as JSON. */
export const json: Protocol = {
  refreshPath: 'auth/refresh',
  signOutPath: 'auth/logout',
  read({ body }) {
    const { accessToken, refreshToken } = readFields(body)
    return accessToken && refreshToken ? { accessToken, refreshToken } : null
  },
  grant: ({ accessToken, refreshToken }) => Response.json({ accessToken, refreshToken }),
  refuse: () => Response.json({ message: 'Refresh token is unknown, spent or expired' }, { status: 401 }),
  malformed: () => Response.json({ message: 'Send { accessToken, refreshToken }' }, { status: 400 }),
}

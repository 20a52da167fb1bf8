import { type Protocol, readFields } from './protocol.js'

/** Django REST framework with Simple JWT. */
export const django: Protocol = {
  refreshPath: 'token/refresh/',
  signOutPath: 'token/blacklist/',
  read({ body }) {
    const { refresh } = readFields(body)
    return refresh ? { refreshToken: refresh } : null
  },
  grant: ({ accessToken, refreshToken }) => Response.json({ access: accessToken, refresh: refreshToken }),
  refuse: () => Response.json({ detail: 'Token is blacklisted', code: 'token_not_valid' }, { status: 401 }),
  malformed: () => Response.json({ refresh: ['This field is required.'] }, { status: 400 }),
  refuseCall: (status) =>
    Response.json(
      status === 'missing'
        ? { detail: 'Authentication credentials were not provided.' }
        : {
            detail: 'Given token not valid for any token type',
            code: 'token_not_valid',
            messages: [
              { token_class: 'AccessToken', token_type: 'access', message: 'Token is invalid or expired' },
            ],
          },
      { status: 401, headers: { 'WWW-Authenticate': 'Bearer realm="api"' } },
    ),
}

import { challenge, type Protocol, readFields } from './protocol.js'

/** ASP.NET Core with a pair of tokens: the expired one goes along, and a refusal is a plain 400. */
export const aspnet: Protocol = {
  refreshPath: 'api/token/refresh',
  signOutPath: 'api/token/revoke',
  read({ body }) {
    const { accessToken, refreshToken } = readFields(body)
    return accessToken && refreshToken ? { accessToken, refreshToken } : null
  },
  grant: ({ accessToken, refreshToken }) => Response.json({ accessToken, refreshToken }),
  refuse: () => new Response('Invalid client request', { status: 400 }),
  malformed: () => new Response('Invalid client request', { status: 400 }),
  refuseCall(status) {
    if (status !== 'expired') return challenge(status)
    const description = `The token expired at '${new Date().toISOString()}'`
    return new Response(null, {
      status: 401,
      headers: { 'WWW-Authenticate': `Bearer error="invalid_token", error_description="${description}"` },
    })
  },
}

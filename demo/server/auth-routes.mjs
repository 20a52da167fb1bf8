import { setTimeout as sleep } from 'node:timers/promises'
import express from 'express'
import { bearerToken, requireToken } from './bearer.mjs'
import { authenticate, findUser } from './users.mjs'

/** Signing in and out, and the refresh: the expired access token and the refresh token come in headers. */
export function authRoutes({ accessTokens, refreshTokens, counters, faults, refreshLatencyMs }) {
  const routes = express.Router()
  const holder = requireToken(accessTokens, ['valid', 'expired'])

  routes.post('/login', async (request, response) => {
    const { username, password } = request.body ?? {}
    const user = authenticate(username, password)
    if (!user) return response.status(401).json({ message: 'Wrong user name or password' })
    const { sid, refreshToken } = refreshTokens.begin(user.username)
    response.json({ accessToken: await accessTokens.issue({ sid, user }), refreshToken })
  })

  routes.post('/refresh', async (request, response) => {
    const refused = (message) => {
      counters.refreshesRefused += 1
      response.status(401).json({ message })
    }
    const latencyMs = faults.takeRefreshLatencyMs(refreshLatencyMs)
    const accessToken = bearerToken(request)
    const refreshToken = request.get('refresh')
    if (!accessToken || !refreshToken) {
      return response
        .status(400)
        .json({ message: 'Send Authorization: Bearer <access token> and Refresh: <token>' })
    }
    const { status, claims } = await accessTokens.check(accessToken)
    if (status === 'invalid') return refused('Access token is invalid')
    if (status === 'valid') return response.status(400).json({ message: 'Access token is not expired' })

    const successor = refreshTokens.rotate(refreshToken, { sid: claims.sid, username: claims.sub })
    if (!successor) return refused('Refresh token is unknown, spent or expired')
    counters.refreshes += 1
    // The old token is spent already; only the answer takes its time, as on a slow network.
    const renewed = await accessTokens.issue({ sid: claims.sid, user: findUser(claims.sub) })
    await sleep(latencyMs, undefined, { ref: false })
    response.json({ accessToken: renewed, refreshToken: successor })
  })

  // Signing out must work with an expired token as well: nobody should have to renew in order to leave.
  routes.post('/logout', holder, (_request, response) => {
    refreshTokens.revoke(response.locals.claims.sid)
    response.status(204).end()
  })

  // For the demo alone: the server ends this token's life early and tells nobody.
  routes.post('/expire', holder, (_request, response) => {
    accessTokens.endEarly(response.locals.claims)
    response.status(204).end()
  })

  return routes
}

import { randomUUID } from 'node:crypto'
import express, { type CookieOptions, type Handler, type Request, type Response } from 'express'
import jwt from 'jsonwebtoken'
import { type Backing, listen, type Stage } from './backend.js'

const secret = randomUUID()
const forApi: CookieOptions = { path: '/', httpOnly: true, sameSite: 'strict' }
const forRefresh: CookieOptions = { path: '/auth', httpOnly: true, sameSite: 'strict' }
const forPage: CookieOptions = { path: '/', sameSite: 'strict' }

export interface BothInCookiesBacking extends Backing {
  /** The `Authorization` headers that the server got, where none belongs. */
  readonly authorizations: string[]
}

/**
 * Express with both tokens in `HttpOnly` cookies, as many tutorials advise: no reply has a token, the refresh token is
 * another one after each use, and whose second use ends the session. The CSRF token, a new one with each refresh, is in a
 * cookie that the page can read; all that is no GET must bring it in a header.
 */
export function createBothInCookiesServer(stage: Stage): BothInCookiesBacking {
  const { counters } = stage
  /** Outlives restarts, as a database does. */
  const refreshTokens = new Map<string, { user: string; isSpent: boolean }>()
  const authorizations: string[] = []

  const endSessionsOf = (user: string): void => {
    for (const [token, record] of refreshTokens) if (record.user === user) refreshTokens.delete(token)
  }

  function hand(response: Response, user: string): void {
    const refreshToken = randomUUID()
    refreshTokens.set(refreshToken, { user, isSpent: false })
    const accessToken = jwt.sign({ sub: user }, secret, { expiresIn: stage.lifetimeS })
    response
      .cookie('access', accessToken, forApi)
      .cookie('refresh', refreshToken, forRefresh)
      .cookie('csrf', randomUUID(), forPage)
      .json({ user })
  }

  function clear(response: Response): Response {
    return response
      .clearCookie('access', forApi)
      .clearCookie('refresh', forRefresh)
      .clearCookie('csrf', forPage)
  }

  function createApp(): express.Express {
    const app = express()
    app.use((request, response, next) => {
      const { authorization } = request.headers
      if (authorization !== undefined) authorizations.push(authorization)
      response.set({
        'Access-Control-Allow-Origin': stage.pageOrigin,
        'Access-Control-Allow-Credentials': 'true',
        'Access-Control-Allow-Headers': 'Content-Type, X-CSRF-Token, X-Requested-With',
      })
      if (request.method === 'OPTIONS') response.sendStatus(204)
      else next()
    })
    app.use(express.json())

    app.post('/auth/login', ({ body }, response) => hand(response, body.user))

    app.post('/auth/refresh', (request, response) => {
      const refuse = (status: number, message: string): void => {
        counters.refreshesRefused++
        response.status(status).json({ message })
      }
      const token = cookieOf(request, 'refresh')
      if (token === undefined) return refuse(401, 'Nobody is signed in')
      if (isForged(request)) return refuse(400, 'CSRF token missing or wrong')
      const record = refreshTokens.get(token)
      if (record?.isSpent) endSessionsOf(record.user)
      if (!record || record.isSpent) {
        clear(response)
        return refuse(403, 'Sign in again')
      }
      record.isSpent = true
      counters.refreshes++
      hand(response, record.user)
    })

    app.post('/auth/logout', (request, response) => {
      if (isForged(request)) return void response.sendStatus(400)
      const record = refreshTokens.get(cookieOf(request, 'refresh') ?? '')
      if (record) endSessionsOf(record.user)
      counters.signOuts++
      clear(response).sendStatus(204)
    })

    const signedInOnly: Handler = (request, response, next) => {
      const user = userOf(cookieOf(request, 'access'))
      if (user === undefined) {
        counters.refused++
        return void response.sendStatus(401)
      }
      response.locals.user = user
      next()
    }
    app.get('/api/me', signedInOnly, (_, response) => {
      counters.answered++
      response.json({ user: response.locals.user })
    })
    app.post('/api/orders', signedInOnly, (request, response) => {
      if (isForged(request)) return void response.status(403).json({ message: 'CSRF token missing or wrong' })
      counters.answered++
      response.status(201).json({ user: response.locals.user, order: request.body })
    })
    return app
  }

  return {
    authorizations,
    listen: (port) => listen(createApp(), port),
    revoke: endSessionsOf,
  }
}

const cookieOf = ({ headers }: Request, name: string): string | undefined =>
  headers.cookie
    ?.split('; ')
    .find((each) => each.startsWith(`${name}=`))
    ?.slice(name.length + 1)

const isForged = (request: Request): boolean => {
  const token = cookieOf(request, 'csrf')
  return token === undefined || request.headers['x-csrf-token'] !== token
}

function userOf(token: string | undefined): string | undefined {
  try {
    return jwt.verify(token ?? '', secret).sub as string
  } catch {
    return undefined
  }
}

import { randomUUID } from 'node:crypto'
import fastifyCookie from '@fastify/cookie'
import fastifyCors from '@fastify/cors'
import fastifyJwt from '@fastify/jwt'
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import { type Backing, listening, type Stage } from './backend.js'

const secret = randomUUID()
const forRefresh = { path: '/auth', httpOnly: true, sameSite: 'strict' } as const
const forPage = { path: '/', sameSite: 'strict' } as const

export interface FastifyBacking extends Backing {
  /** The `Cookie` headers that the API got, where they do not belong. */
  readonly cookiesOfApi: string[]
}

/**
 * Fastify with its own plug-ins: the refresh token in an HttpOnly cookie that is another one after each use, and whose
 * second use ends the session; its CSRF token in a cookie that the page can read and has to send back in a header.
 */
export function createFastifyServer(stage: Stage): FastifyBacking {
  const { counters } = stage
  /** Outlives restarts, as a database does. */
  const refreshTokens = new Map<string, { user: string; isSpent: boolean }>()
  const cookiesOfApi: string[] = []

  const endSessionsOf = (user: string): void => {
    for (const [token, record] of refreshTokens) if (record.user === user) refreshTokens.delete(token)
  }

  async function createApp(): Promise<FastifyInstance> {
    const app = fastify({ forceCloseConnections: true })
    await app.register(fastifyCors, { origin: stage.pageOrigin, credentials: true })
    await app.register(fastifyCookie)
    await app.register(fastifyJwt, { secret })

    const hand = (reply: FastifyReply, user: string): { accessToken: string } => {
      const refreshToken = randomUUID()
      refreshTokens.set(refreshToken, { user, isSpent: false })
      reply.setCookie('refreshToken', refreshToken, forRefresh).setCookie('csrf', randomUUID(), forPage)
      return { accessToken: app.jwt.sign({ sub: user }, { expiresIn: stage.lifetimeS }) }
    }

    const refuse = (reply: FastifyReply, status: number, message: string): FastifyReply => {
      counters.refreshesRefused++
      return reply.code(status).send({ message })
    }

    const isForged = ({ cookies, headers }: FastifyRequest): boolean =>
      cookies.csrf === undefined || headers['x-csrf-token'] !== cookies.csrf

    app.post<{ Body: { user: string } }>('/auth/login', async ({ body }, reply) => hand(reply, body.user))

    app.post('/auth/refresh', async (request, reply) => {
      const { refreshToken } = request.cookies
      if (refreshToken === undefined) return refuse(reply, 401, 'Nobody is signed in')
      if (isForged(request)) return refuse(reply, 400, 'CSRF token missing or wrong')
      const record = refreshTokens.get(refreshToken)
      if (record?.isSpent) endSessionsOf(record.user)
      if (!record || record.isSpent) {
        reply.clearCookie('refreshToken', forRefresh).clearCookie('csrf', forPage)
        return refuse(reply, 403, 'Sign in again')
      }
      record.isSpent = true
      counters.refreshes++
      return hand(reply, record.user)
    })

    app.post('/auth/logout', async (request, reply) => {
      if (isForged(request)) return reply.code(400).send({ message: 'CSRF token missing or wrong' })
      const record = refreshTokens.get(request.cookies.refreshToken ?? '')
      if (record) endSessionsOf(record.user)
      counters.signOuts++
      return reply.clearCookie('refreshToken', forRefresh).clearCookie('csrf', forPage).code(204).send()
    })

    app.get('/api/me', async (request, reply) => {
      if (request.headers.cookie !== undefined) cookiesOfApi.push(request.headers.cookie)
      try {
        const { sub } = await request.jwtVerify<{ sub: string }>()
        counters.answered++
        return { user: sub }
      } catch (error) {
        counters.refused++
        return reply.send(error)
      }
    })
    return app
  }

  return {
    cookiesOfApi,
    async listen(port) {
      const app = await createApp()
      await app.listen({ host: '127.0.0.1', port })
      return { ...listening(app.server), close: () => app.close() }
    },
    revoke: endSessionsOf,
  }
}

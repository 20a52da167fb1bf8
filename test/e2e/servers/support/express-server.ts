import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import express, { type Handler } from 'express'
import jwt from 'jsonwebtoken'
import sqlite from 'node-sqlite3-wasm'
import { type Backing, listen, type Stage } from './backend.js'

const secret = randomUUID()

/**
 * Express and jsonwebtoken as Korean tutorials build them: the refresh takes the expired access token and the refresh
 * token in headers, refuses with a 400 before the expiry, and hands out an access token alone. The refresh token is a
 * JWT without claims, one for each user, in a database.
 */
export function createExpressServer(stage: Stage): Backing {
  const { counters } = stage
  const directory = mkdtempSync(join(tmpdir(), 'latchkey-express-'))
  const path = join(directory, 'users.sqlite')

  function createApp(database: InstanceType<typeof sqlite.Database>): express.Express {
    const app = express()
    const refuse = (response: express.Response, status: number, message: string): void => {
      response.status(status).json({ ok: false, message })
    }

    app.use((request, response, next) => {
      response.set({
        'Access-Control-Allow-Origin': stage.pageOrigin,
        'Access-Control-Allow-Headers': 'Authorization, Refresh, Content-Type',
      })
      if (request.method === 'OPTIONS') response.sendStatus(204)
      else next()
    })
    app.use(express.json())

    app.post('/login', (request, response) => {
      const { id } = request.body
      const refreshToken = jwt.sign({}, secret, { expiresIn: '14d', jwtid: randomUUID() })
      database.run('INSERT OR REPLACE INTO users (id, refreshToken) VALUES (?, ?)', [id, refreshToken])
      response.json({ ok: true, data: { accessToken: sign(id), refreshToken } })
    })

    app.post('/refresh', (request, response) => {
      const { refresh } = request.headers
      const accessToken = bearerOf(request)
      const claims = jwt.decode(accessToken)
      if (typeof refresh !== 'string' || claims === null || typeof claims === 'string') {
        counters.refreshesRefused++
        return refuse(response, 400, 'Access token and refresh token are needed to refresh')
      }
      if (failureOf(accessToken) !== 'jwt expired') {
        counters.refreshesRefused++
        return refuse(response, 400, 'Access token is not expired!')
      }
      const user = database.get('SELECT refreshToken FROM users WHERE id = ?', [claims.id])
      if (user?.refreshToken !== refresh || failureOf(refresh) !== undefined) {
        counters.refreshesRefused++
        return refuse(response, 401, 'Not authorized! Sign in again')
      }
      counters.refreshes++
      response.json({ ok: true, data: { accessToken: sign(claims.id), refreshToken: refresh } })
    })

    const signedInOnly: Handler = (request, response, next) => {
      const failure = failureOf(bearerOf(request))
      if (failure === undefined) return next()
      counters.refused++
      refuse(response, 401, failure)
    }
    app.get('/profile', signedInOnly, (request, response) => {
      counters.answered++
      response.json({ ok: true, data: jwt.decode(bearerOf(request)) })
    })
    return app
  }

  const sign = (id: string): string => jwt.sign({ id, role: 'user' }, secret, { expiresIn: stage.lifetimeS })

  function withDatabase<T>(use: (database: InstanceType<typeof sqlite.Database>) => T): T {
    const database = new sqlite.Database(path)
    try {
      return use(database)
    } finally {
      database.close()
    }
  }

  withDatabase((database) => database.exec('CREATE TABLE users (id TEXT PRIMARY KEY, refreshToken TEXT)'))

  return {
    async listen(port) {
      const database = new sqlite.Database(path)
      const server = await listen(createApp(database), port)
      return {
        port: server.port,
        async close() {
          await server.close()
          database.close()
        },
      }
    },
    revoke: (user) => withDatabase((database) => void database.run('DELETE FROM users WHERE id = ?', [user])),
    close: () => rmSync(directory, { recursive: true, force: true }),
  }
}

const bearerOf = ({ headers }: express.Request): string => headers.authorization?.split('Bearer ')[1] ?? ''

function failureOf(token: string): string | undefined {
  try {
    jwt.verify(token, secret)
    return undefined
  } catch (error) {
    return (error as Error).message
  }
}

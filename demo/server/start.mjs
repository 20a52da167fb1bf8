import { once } from 'node:events'
import { createServer } from 'node:http'
import { fileURLToPath } from 'node:url'
import express from 'express'
import { createServer as createVite } from 'vite'
import { createAccessTokens } from './access-tokens.mjs'
import { apiRoutes } from './api-routes.mjs'
import { authRoutes } from './auth-routes.mjs'
import { createCounters } from './counters.mjs'
import { createFaults } from './faults.mjs'
import { listen } from './listen.mjs'
import { createRefreshTokens } from './refresh-tokens.mjs'

/** Starts the demo: one server on one loopback port for the sign-in, the API and the page. Types: start.d.mts. */
export async function startDemo({
  port = 4173,
  accessTokenLifetimeMs = 15_000,
  refreshTokenLifetimeMs = 30 * 60_000,
  refreshLatencyMs = 400,
  watch = false,
} = {}) {
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new TypeError('port takes a whole number from 0 to 65535')
  }
  const lifetimeS = accessTokenLifetimeMs / 1000
  if (!Number.isInteger(lifetimeS) || lifetimeS < 1 || lifetimeS > 3600) {
    throw new TypeError('accessTokenLifetimeMs takes whole seconds, from 1000 to 3600000')
  }

  const counters = createCounters()
  const faults = createFaults()
  const accessTokens = createAccessTokens({ lifetimeMs: accessTokenLifetimeMs })
  const refreshTokens = createRefreshTokens({
    lifetimeMs: refreshTokenLifetimeMs,
    onReuse: () => {
      counters.reuseDetected += 1
    },
  })

  const app = express()
  const server = createServer(app)
  const vite = await createVite({
    root: fileURLToPath(new URL('..', import.meta.url)),
    configFile: false,
    appType: 'spa',
    logLevel: 'warn',
    clearScreen: false,
    server: {
      middlewareMode: true,
      // On the one server and port, for else Vite opens another, and that on every interface.
      hmr: { server },
      watch: watch ? {} : null,
      fs: { allow: [fileURLToPath(new URL('../..', import.meta.url))] },
    },
    // Found ahead of the first visit, so that the page is not loaded twice.
    optimizeDeps: { include: ['axios', 'jwt-decode'] },
  })

  app.disable('x-powered-by')
  app.use(['/auth', '/api'], noStore, express.json({ limit: '4kb' }))
  app.use('/auth', authRoutes({ accessTokens, refreshTokens, counters, faults, refreshLatencyMs }))
  app.use('/api', apiRoutes({ accessTokens, refreshTokens, counters, faults }))
  app.use(['/auth', '/api'], notFound, failed)
  app.use(vite.middlewares)

  try {
    const takenPort = await listen(server, port)
    return {
      url: `http://127.0.0.1:${takenPort}/`,
      get counters() {
        return { ...counters, sessions: refreshTokens.sessions }
      },
      async close() {
        const closed = once(server, 'close')
        server.close()
        server.closeAllConnections()
        await vite.close()
        await closed
      },
    }
  } catch (error) {
    await vite.close()
    throw error
  }
}

function noStore(_request, response, next) {
  response.set('Cache-Control', 'no-store')
  next()
}

function notFound(_request, response) {
  response.status(404).json({ message: 'Not found' })
}

/** Express knows an error handler by its four parameters. */
function failed(error, _request, response, _next) {
  const status = error.status >= 400 && error.status < 500 ? error.status : 500
  if (status === 500) console.error(error)
  response.status(status).json({ message: status === 500 ? 'The server failed' : error.message })
}

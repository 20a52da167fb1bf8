import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import express from 'express'
import { createServer as createVite } from 'vite'
import { page } from '../vite.config.mjs'
import { cookiesOf } from './cookies.mjs'
import { serveGuard } from './guard.mjs'
import { serveGuides } from './guides.mjs'
import { listen } from './listen.mjs'
import { requireOwnHost } from './own-hosts.mjs'
import { markOwnServer } from './own-server-mark.mjs'
import { limitRequests } from './request-limits.mjs'
import { createSqliteTable, openDatabase } from './sqlite-table.mjs'
import { createVisitors } from './visitors.mjs'
import { toWebRequest, writeWebResponse } from './web-messages.mjs'

/** Nobody's default, for the links in the documents lead to it. */
const usualPort = 7418

/** Starts the demo: one server on one loopback port for the sign-in, the API and the page. Types: start.d.mts. */
export async function startDemo({ port = usualPort, watch = false, built = null } = {}) {
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new TypeError('port takes a whole number from 0 to 65535')
  }
  const app = express()
  const server = createServer(app)
  const vite = await createVite({
    ...page,
    // Express serves the page at the root; a relative base is for the build.
    base: '/',
    appType: 'spa',
    plugins: [{ name: 'own-server', transformIndexHtml: markOwnServer }],
    server: {
      middlewareMode: true,
      // On the one server and port, for else Vite opens another, and that on every interface.
      hmr: { server },
      watch: watch ? {} : null,
      fs: { allow: [fileURLToPath(new URL('../..', import.meta.url))] },
    },
    // Found ahead of the first visit, so that the page is not loaded twice.
    optimizeDeps: { include: ['axios', 'axios-auth-refresh-queue', 'jwt-decode'] },
  })
  const database = openDatabase()

  try {
    // The backend is written once, in TypeScript, for this server and for the service worker of the static build.
    const { createBackend, createState, mounts } = await vite.ssrLoadModule('/backend/index.ts')
    const { scenarioNames } = await vite.ssrLoadModule('/page/scenario-names.ts')
    const secret = randomBytes(32)
    const visitors = createVisitors((visitor) =>
      createBackend({
        secret,
        state: createState(),
        tableOf: (side) => createSqliteTable(database, `${visitor}/${side}`),
        sleep: (ms) => wait(ms, undefined, { ref: false }),
      }),
    )
    const paths = mounts.map((mount) => `/${mount}`)

    app.disable('x-powered-by')
    app.use(requireOwnHost)
    app.use(paths, limitRequests({ most: 5_000, windowMs: 10_000 }))
    app.post(
      '/:side/:protocol/auth/login',
      limitRequests({ most: 10, windowMs: 60_000, counts: ({ statusCode }) => statusCode === 401 }),
    )
    app.use(paths, express.text({ type: () => true, limit: '4kb' }), async (request, response) => {
      const { pathname } = new URL(request.originalUrl, 'http://127.0.0.1')
      const backend = visitors.of(request, response)
      const answer = await backend.handle(
        pathname.slice(1),
        toWebRequest(request),
        cookiesOf(request, response),
      )
      await writeWebResponse(answer, response)
    })
    app.use(paths, failed)
    app.get('/guard.js', serveGuard({ watch }))
    app.use('/docs', serveGuides(new URL('../../docs/', import.meta.url)))
    if (built) app.use(...builtPage(built))
    app.use(vite.middlewares)

    const takenPort = await listen(server, port)
    const url = `http://127.0.0.1:${takenPort}/`
    return {
      url,
      links: scenarioNames.map((name) => `${url}#scenario=${name}`),
      isMoved: port !== 0 && takenPort !== port,
      async close() {
        const closed = once(server, 'close')
        server.close()
        server.closeAllConnections()
        await vite.close()
        await closed
        database.close()
      },
    }
  } catch (error) {
    await vite.close()
    database.close()
    throw error
  }
}

/** The page as `npm run demo:build` made it, from the folder where that is. */
function builtPage(folder) {
  const index = markOwnServer(readFileSync(join(folder, 'index.html'), 'utf8'))
  const sendIndex = (request, response, next) =>
    request.path === '/' ? response.type('html').send(index) : next()
  return [sendIndex, express.static(folder)]
}

/** Express knows an error handler by its four parameters. */
function failed(error, _request, response, _next) {
  const status = error.status >= 400 && error.status < 500 ? error.status : 500
  if (status === 500) console.error(error)
  response.status(status).json({ message: status === 500 ? 'The server failed' : error.message })
}

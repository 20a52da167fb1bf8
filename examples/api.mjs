// The API and its auth server that every example signs in to, for its dev server and for the tests. Any name signs in.
// A refresh token is good for one use; one that comes a second time ends the session (RFC 9700, section 4.14.2).
import { randomUUID } from 'node:crypto'
import { json } from 'node:stream/consumers'

/** @typedef {{ user: string, isOver: boolean }} Session */

/** @param {{ lifetimeMs?: number }} [options] how long an access token is good */
export function createApi({ lifetimeMs = 60_000 } = {}) {
  /** @type {Map<string, { session: Session, expiresAt: number }>} */
  const accessTokens = new Map()
  /** @type {Map<string, { session: Session, isSpent: boolean }>} */
  const refreshTokens = new Map()
  const counters = { signIns: 0, answered: 0, refused: 0, refreshes: 0, refreshesRefused: 0 }
  /** @type {Promise<void> | undefined} */
  let hold

  const orders = (/** @type {string} */ user) => [`${user}'s tea`, `${user}'s biscuits`]

  function mint(/** @type {Session} */ session) {
    const expiresAt = Date.now() + lifetimeMs
    const accessToken = jwtOf({ sub: session.user, jti: randomUUID(), exp: Math.floor(expiresAt / 1000) })
    const refreshToken = randomUUID()
    accessTokens.set(accessToken, { session, expiresAt })
    refreshTokens.set(refreshToken, { session, isSpent: false })
    return { accessToken, refreshToken }
  }

  async function refresh(/** @type {import('node:http').IncomingMessage} */ { headers }) {
    await hold
    const found = refreshTokens.get(String(headers.refresh))
    const expired = accessTokens.get(bearerOf(headers))
    if (!found || found.session.isOver || expired?.session !== found.session) return refuse()
    if (expired.expiresAt > Date.now())
      return { status: 400, body: { message: 'Access token is not expired' } }
    if (found.isSpent) {
      found.session.isOver = true
      return refuse()
    }
    found.isSpent = true
    counters.refreshes++
    return { status: 200, body: mint(found.session) }
  }

  function refuse() {
    counters.refreshesRefused++
    return { status: 401, body: { message: 'Sign in again' } }
  }

  /** @type {Record<string, (request: import('node:http').IncomingMessage) => unknown>} */
  const routes = {
    async '/auth/sign-in'(request) {
      counters.signIns++
      const { user } = /** @type {{ user: string }} */ (await json(request))
      return { status: 200, body: mint({ user, isOver: false }) }
    },
    '/auth/refresh': refresh,
    '/api/profile': (request) => answer(request, (user) => ({ name: user })),
    '/api/orders': (request) => answer(request, orders),
  }

  function answer(
    /** @type {import('node:http').IncomingMessage} */ { headers },
    /** @type {(user: string) => unknown} */ bodyFor,
  ) {
    const found = accessTokens.get(bearerOf(headers))
    const isGood = found && !found.session.isOver && found.expiresAt > Date.now()
    counters[isGood ? 'answered' : 'refused']++
    return isGood
      ? { status: 200, body: bodyFor(found.session.user) }
      : { status: 401, body: { message: 'Token expired' } }
  }

  return {
    counters,
    /** The access tokens that are out are refused from now on. */
    expire() {
      for (const token of accessTokens.values()) token.expiresAt = 0
    },
    /** Every session is over. */
    end() {
      for (const { session } of refreshTokens.values()) session.isOver = true
    },
    /** Refreshes wait until the returned function is called. */
    holdRefreshes() {
      let release = () => {}
      hold = new Promise((resolve) => {
        release = resolve
      })
      return release
    },
    /** @type {import('vite').Connect.NextHandleFunction} */
    async handle(request, response, next) {
      const route = routes[new URL(request.url ?? '/', 'http://server').pathname]
      if (!route) return next()
      const { status, body } = /** @type {{ status: number, body: unknown }} */ (await route(request))
      response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body))
    },
  }
}

const bearerOf = (/** @type {import('node:http').IncomingHttpHeaders} */ { authorization = '' }) =>
  authorization.replace(/^Bearer /, '')

/** Nobody checks the signature here. */
function jwtOf(/** @type {object} */ claims) {
  const part = (/** @type {object} */ value) => Buffer.from(JSON.stringify(value)).toString('base64url')
  return `${part({ alg: 'none', typ: 'JWT' })}.${part(claims)}.${part({})}`
}

import { createHmac, randomUUID } from 'node:crypto'
import { createServer } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { createTokenFamilies } from '../scripts/token-families.mjs'

/**
 * @typedef {object} Settings What a measure may change while the server runs.
 * @property {number} lifeMs Lifetime of access tokens.
 * @property {number} refreshMs How long a refresh takes.
 * @property {number} apiMs How long a call of the API takes.
 * @property {number} graceMs How long a refresh token that was traded in is forgiven.
 * @property {() => Fault | undefined} fault What befalls the next call of the refresh endpoint.
 *
 * @typedef {'unavailable' | 'lost request' | 'lost reply'} Fault
 *
 * @typedef {{ api: number, refused: number, refreshes: number, refreshCalls: number, revoked: number }} Counters
 */

/**
 * An API and its auth server, with the strict rotation of RFC 9700 section 4.14.2: a refresh token that comes a second
 * time ends the session. It speaks the dialects of all peers: the refresh token may come in a header, as JSON or as a
 * form, and a reply names everything twice.
 *
 * @param {Partial<Settings> & { files?: Map<string, string> }} [options]
 */
export async function startServer({ files = new Map(), ...given } = {}) {
  /** @type {Settings} */
  const settings = { lifeMs: 3_600_000, refreshMs: 0, apiMs: 0, graceMs: 0, fault: () => undefined, ...given }
  const counters = { api: 0, refused: 0, refreshes: 0, refreshCalls: 0, revoked: 0 }
  /** When refreshes were under way, by `Date.now()`. @type {{ from: number, to: number }[]} */
  const refreshed = []
  const families = createTokenFamilies({
    get graceMs() {
      return settings.graceMs
    },
    get accessTokenLifetimeMs() {
      return settings.lifeMs
    },
    mintAccessToken: (_, issuedAt, expiresAt) => jwtOf(issuedAt, expiresAt),
  })

  /** What a refresh replies, in the dialects of all peers. @param {import('../scripts/token-families.mjs').Pair} pair */
  const replyOf = ({ accessToken, refreshToken }) => ({
    accessToken,
    refreshToken,
    access_token: accessToken,
    refresh_token: refreshToken,
    token_type: 'bearer',
    expires_in: settings.lifeMs / 1000,
    expires_at: (Date.now() + settings.lifeMs) / 1000,
    user: { id: 'ada' },
  })

  /** @param {unknown} authorization The header. */
  const accepts = (authorization) =>
    families.userOf(String(authorization).replace(/^Bearer /, '')) !== undefined

  /** @param {import('node:http').IncomingMessage} request */
  async function refresh(request) {
    counters.refreshCalls++
    const from = Date.now()
    const chunks = []
    for await (const chunk of request) chunks.push(chunk)
    const body = Buffer.concat(chunks).toString()
    const token =
      request.headers.refresh ?? /refresh_?token["']?[:=]\s*["']?([\w-]+)/i.exec(body)?.[1] ?? 'none'
    await sleep(settings.refreshMs)
    refreshed.push({ from, to: Date.now() })
    const fault = settings.fault()
    if (fault === 'lost request') return undefined
    if (fault === 'unavailable') return { status: 503, body: {} }
    // No access token: peers that send one send it before it has expired, too.
    const rotation = families.rotate(String(token), undefined, '')
    if (rotation.outcome === 'reused') counters.revoked++
    if (!('pair' in rotation)) return ended
    counters.refreshes++
    return fault === 'lost reply' ? undefined : { status: 200, body: replyOf(rotation.pair) }
  }

  /** @param {import('node:http').IncomingMessage} request */
  async function callApi(request) {
    counters.api++
    if (settings.apiMs > 0) await sleep(settings.apiMs)
    const isGood = accepts(request.headers.authorization)
    if (!isGood) counters.refused++
    return { status: isGood ? 200 : 401, body: { user: isGood ? 'ada' : null } }
  }

  const server = createServer(async (request, response) => {
    // A page that is closed breaks its calls off.
    request.on('error', () => {})
    const { pathname } = new URL(request.url ?? '/', 'http://server')
    const file = files.get(pathname)
    if (file !== undefined) {
      const type = pathname.endsWith('.js') ? 'text/javascript' : 'text/html'
      return response.writeHead(200, { 'Content-Type': `${type}; charset=utf-8` }).end(file)
    }
    const isRefresh = pathname.startsWith('/auth/')
    const answer = await (isRefresh ? refresh(request).catch(() => undefined) : callApi(request))
    if (!answer) return response.destroy()
    // Where a connection breaks that was used before, browsers send even a POST again, unasked.
    if (isRefresh) response.setHeader('Connection', 'close')
    response.writeHead(answer.status, { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' })
    response.end(JSON.stringify(answer.body))
  })
  await /** @type {Promise<void>} */ (new Promise((resolve) => server.listen(0, '127.0.0.1', resolve)))
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address())

  return {
    origin: `http://127.0.0.1:${port}`,
    settings,
    counters,
    refreshed,
    accepts,
    signIn: () => replyOf(families.begin('ada')),
    /** Refuses all access tokens that are out, whatever they say of themselves. */
    expire: families.expire,
    resetCounters() {
      for (const name of /** @type {(keyof Counters)[]} */ (Object.keys(counters))) counters[name] = 0
      refreshed.length = 0
    },
    close: () =>
      new Promise((resolve) => {
        server.close(resolve)
        server.closeAllConnections()
      }),
  }
}

const ended = { status: 401, body: { error: 'invalid_grant' } }

/** @param {number} issuedAt @param {number} expiresAt */
export function jwtOf(issuedAt, expiresAt) {
  /** @param {unknown} value */
  const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const claims = {
    sub: 'ada',
    roles: ['reader'],
    jti: randomUUID(),
    iat: issuedAt / 1000,
    exp: expiresAt / 1000,
  }
  const signed = `${part({ alg: 'HS256', typ: 'JWT' })}.${part(claims)}`
  return `${signed}.${createHmac('sha256', 'key').update(signed).digest('base64url')}`
}

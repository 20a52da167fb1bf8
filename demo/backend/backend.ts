import { createAccessTokens } from './access-tokens.js'
import type { Counters } from './counters.js'
import { protocols } from './protocols/index.js'
import { isProtocolName } from './protocols/names.js'
import type { Cookies } from './protocols/protocol.js'
import type { RefreshTokenTable } from './refresh-token-table.js'
import { createRefreshTokens } from './refresh-tokens.js'
import { changeSettings } from './settings.js'
import { createSide, readJson, type Side } from './side.js'
import { type SideName, sideNames } from './side-names.js'
import type { BackendState } from './state.js'

/** What differs between a server and a service worker. */
export interface Host {
  state: BackendState
  /** Signs the access tokens. */
  secret: Uint8Array
  tableOf(side: SideName): RefreshTokenTable
  sleep(ms: number): Promise<void>
}

export type SideCounters = Counters & { sessions: number }

/**
 * One visitor's auth server and API. `path` is relative to where it is mounted: `demo/settings`, `demo/counters`,
 * `demo/forget/<side>` (every sign-in of a side, before it begins anew), or `<side>/<protocol>/…`. A `Response.error()` stands for a connection that breaks.
 */
export interface Backend {
  handle(path: string, request: Request, cookies: Cookies): Promise<Response>
  counters(): Record<SideName, SideCounters>
}

/** The first parts of the paths that a host hands over. */
export const mounts: readonly string[] = ['demo', ...sideNames]

export function createBackend({ state, secret, tableOf, sleep }: Host): Backend {
  const accessTokens = createAccessTokens(secret, state.endedEarly)
  const sides = new Map(
    sideNames.map((name) => {
      const counters = state.counters[name]
      const refreshTokens = createRefreshTokens(tableOf(name), () => {
        counters.reuseDetected += 1
        counters.sessionsLost += 1
      })
      const parts = { settings: state.settings, counters, accessTokens, refreshTokens, sleep }
      return [name as string, { answer: createSide(parts), counters, refreshTokens }]
    }),
  )

  function counters(): Record<SideName, SideCounters> {
    const entries = [...sides].map(([name, { counters, refreshTokens }]) => [
      name,
      { ...counters, sessions: refreshTokens.sessions },
    ])
    return Object.fromEntries(entries)
  }

  async function onSide(side: Side, rest: string[], request: Request, cookies: Cookies): Promise<Response> {
    const [protocol, ...path] = rest
    if (!isProtocolName(protocol)) return notFound()
    const answer = await side(protocols[protocol], {
      method: request.method,
      path: path.join('/'),
      query: new URL(request.url).searchParams,
      headers: request.headers,
      body: await request.text(),
      cookies,
    })
    return answer ?? notFound()
  }

  async function control(path: string, request: Request): Promise<Response> {
    if (path === 'counters' && request.method === 'GET') return Response.json(counters())
    const [verb, name = ''] = path.split('/')
    const side = sides.get(name)
    if (verb === 'forget' && side && request.method === 'POST') {
      side.refreshTokens.revokeAll()
      return new Response(null, { status: 204 })
    }
    if (path !== 'settings') return notFound()
    if (request.method === 'PUT') {
      const complaint = changeSettings(state.settings, readJson(await request.text()))
      if (complaint) return Response.json({ message: complaint }, { status: 400 })
    }
    return Response.json(state.settings)
  }

  async function handle(path: string, request: Request, cookies: Cookies): Promise<Response> {
    const [mount = '', ...rest] = path.split('/')
    const side = sides.get(mount)
    const response = side
      ? await onSide(side.answer, rest, request, cookies)
      : mount === 'demo'
        ? await control(rest.join('/'), request)
        : notFound()
    if (response.type !== 'error') response.headers.set('Cache-Control', 'no-store')
    return response
  }

  return { handle, counters }
}

function notFound(): Response {
  return Response.json({ message: 'Not found' }, { status: 404 })
}

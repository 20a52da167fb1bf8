import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { createTokenFamilies, type FamilyRules } from '../../../scripts/token-families.mjs'
import type { Checkpoint } from './checkpoint.js'

export interface Counters {
  /** Calls of the API that were answered, and that were refused. */
  accepted: number
  refused: number
  /** Refresh tokens that were traded for new ones, and calls of the refresh endpoint that brought nothing. */
  refreshes: number
  refreshesRefused: number
  /** Refresh tokens that had been traded in before, forgiven or not. */
  spentTokensReceived: number
  /** Families that ended because a spent token came back. */
  familiesRevoked: number
}

/** What befalls one call of the refresh endpoint. */
export interface Fault {
  /** Wait before the token is looked at. */
  delayMs?: number
  beforeRotation?: Checkpoint
  afterRotation?: Checkpoint
  /** Breaks the connection before the rotation, after it, or after it in the middle of the reply. */
  lose?: 'request' | 'reply' | 'body'
  /** Answers so instead. */
  status?: number
}

/** A spent refresh token that came back. */
export interface Reuse {
  /** The page loads that spent it, and that sent it again. */
  spentBy: string
  sentBy: string
  /** The one who spent it never got the answer. */
  wasReplyLost: boolean
  isForgiven: boolean
}

export interface AuthServerOptions extends Partial<FamilyRules> {
  /** The script of the page at `/`. */
  script: string
  /** Under what name its pages are asked for. */
  host?: string
  /** How long every refresh takes. */
  latencyMs?: number
}

export interface AuthServer {
  readonly url: string
  /** May be changed: what is issued from then on goes by them. */
  readonly rules: FamilyRules
  readonly counters: Counters
  readonly reuses: readonly Reuse[]
  /** The calls of the API that were done: by whom, and what. */
  readonly done: readonly string[]
  /** What pages told, in turn. */
  readonly told: readonly string[]
  /** For the next call of the refresh endpoint that has none yet. */
  nextRefresh(fault: Fault): void
  /** The next call of the API waits there before it is looked at. */
  nextCall(checkpoint: Checkpoint): void
  /** The access tokens that are out are refused from now on. */
  expire(): void
  revoke(user: string): void
  close(): Promise<void>
}

/** An API and its auth server on 127.0.0.1, with strict rotation and reuse detection, and pages that use them. */
export async function startAuthServer({
  script,
  host = '127.0.0.1',
  latencyMs = 30,
  graceMs = 0,
  accessTokenLifetimeMs,
}: AuthServerOptions): Promise<AuthServer> {
  const rules: FamilyRules = { graceMs, accessTokenLifetimeMs }
  const families = createTokenFamilies(rules)
  const counters: Counters = {
    accepted: 0,
    refused: 0,
    refreshes: 0,
    refreshesRefused: 0,
    spentTokensReceived: 0,
    familiesRevoked: 0,
  }
  const reuses: Reuse[] = []
  const faults: Fault[] = []
  const checkpoints: Checkpoint[] = []
  const done: string[] = []
  const told: string[] = []

  async function refresh(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const fault = faults.shift() ?? {}
    const { headers } = request
    const load = String(headers['x-load'])
    await sleep(fault.delayMs ?? latencyMs)
    await fault.beforeRotation?.pass()
    if (fault.lose === 'request') return void response.destroy()
    if (fault.status) return answer(response, fault.status, { message: 'Trouble' })

    const cookie = /(?:^|; )refresh=([^;]+)/.exec(headers.cookie ?? '')?.[1]
    const refreshToken = cookie ?? String(headers.refresh)
    const accessToken = cookie ? undefined : bearer(request)
    const record = families.find(refreshToken)
    if (record?.spentAt !== undefined) counters.spentTokensReceived++
    const rotation = families.rotate(refreshToken, accessToken, load)
    if (record?.spentBy !== undefined && (rotation.outcome === 'forgiven' || rotation.outcome === 'reused')) {
      const isForgiven = rotation.outcome === 'forgiven'
      const { spentBy, isReplyLost: wasReplyLost = false } = record
      reuses.push({ spentBy, sentBy: load, wasReplyLost, isForgiven })
    }
    if (rotation.outcome === 'reused') counters.familiesRevoked++
    if ('pair' in rotation) counters.refreshes++
    else counters.refreshesRefused++

    await fault.afterRotation?.pass()
    if (fault.lose) {
      if (record) record.isReplyLost = true
      return fault.lose === 'body' ? breakOff(response) : void response.destroy()
    }
    if ('pair' in rotation) hand(response, rotation.pair, cookie !== undefined)
    else if (rotation.outcome === 'not-due') answer(response, 400, { message: 'Access token is not expired' })
    else answer(response, 401, { message: 'Sign in again' })
  }

  async function callApi(request: IncomingMessage, response: ServerResponse): Promise<void> {
    await checkpoints.shift()?.pass()
    const user = families.userOf(bearer(request))
    if (user) done.push(`${user}: ${request.method} ${request.url}`)
    if (user) counters.accepted++
    else counters.refused++
    answer(response, user ? 200 : 401, { user })
  }

  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://server')
    // A connection that was used before and breaks makes browsers send even a POST again, unasked.
    response.setHeader('Connection', 'close')
    // On a page it would keep that out of the back-forward cache.
    if (pathname.includes('/', 1)) response.setHeader('Cache-Control', 'no-store')
    if (pathname === '/page.js') return send(response, 'text/javascript', script)
    if (pathname === '/auth/sign-in') {
      const isCookie = searchParams.has('cookie')
      return hand(response, families.begin(String(searchParams.get('user'))), isCookie)
    }
    if (pathname === '/auth/refresh') return void refresh(request, response)
    if (pathname.startsWith('/api/')) return void callApi(request, response)
    if (pathname === '/tell') {
      told.push(String(searchParams.get('what')))
      return answer(response, 200, {})
    }
    const body = pathname === '/' ? '<script type="module" src="/page.js"></script>' : 'Another page'
    send(response, 'text/html', `<!doctype html><title>Tab</title><link rel="icon" href="data:,">${body}`)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))

  return {
    url: `http://${host}:${(server.address() as AddressInfo).port}`,
    rules,
    counters,
    reuses,
    done,
    told,
    nextRefresh: (fault) => void faults.push(fault),
    nextCall: (checkpoint) => void checkpoints.push(checkpoint),
    expire: families.expire,
    revoke: families.revoke,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

const bearer = ({ headers }: IncomingMessage): string => (headers.authorization ?? '').replace(/^Bearer /, '')

function send(response: ServerResponse, type: string, body: string): void {
  response.writeHead(200, { 'Content-Type': `${type}; charset=utf-8` }).end(body)
}

function answer(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body))
}

function hand(
  response: ServerResponse,
  { accessToken, refreshToken }: { accessToken: string; refreshToken: string },
  isCookie: boolean,
): void {
  const cookie = `refresh=${refreshToken}; Path=/auth; HttpOnly; SameSite=Strict`
  if (isCookie) response.setHeader('Set-Cookie', cookie)
  answer(response, 200, isCookie ? { accessToken } : { accessToken, refreshToken })
}

/** The head of a reply and the beginning of its body, and then nothing more. */
function breakOff(response: ServerResponse): void {
  response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': '1000' })
  response.write('{', () => response.destroy())
}

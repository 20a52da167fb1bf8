import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { unsignedJwt } from '../../support/unsigned-jwt.js'
import { type Brought, type Pair, type ProtocolRules, protocolRules, readBearer } from './protocol-rules.js'

/** Of the same site as the servers of these tests, and of another origin. */
export const appOrigin = 'http://127.0.0.1:5173'

/** A reply before it is sent, for a fault to change. */
export interface Answer {
  /** `api` is the refusal of the API, `me` what it answers to a good token. */
  kind: 'preflight' | 'nothing' | 'refusal' | 'grant' | 'api' | 'me' | 'missing'
  status: number
  headers: Record<string, string | string[]>
  body: unknown
}

/** What goes wrong with a server that is well otherwise. */
export type Fault = (answer: Answer, request: IncomingMessage, pair: Pair) => void

export interface RefreshServer {
  readonly url: string
  readonly api: string
  /** The reply to a sign-in as `curl -i` prints it. */
  readonly signIn: string
  /** All tokens that the server has issued. */
  readonly issued: string[]
  /** … without those that its protocol keeps to itself. */
  readonly handedOut: string[]
  /** What refresh tokens came, in this order. */
  readonly brought: string[]
  /** All calls, with headers and body, understood or not. */
  readonly calls: string[]
  /** Milliseconds by which its clock is ahead. */
  aheadMs: number
  close(): Promise<void>
}

export interface ServerOptions {
  protocol?: string
  fault?: Fault
  /** What happens to a refresh token that comes a second time. */
  onReuse?: 'forgive' | 'refuse' | 'end'
  /** Until then, the access token of the sign-in is good, and no refresh is due. */
  dueAt?: number
  /** What the sign-in's access token says. */
  claims?: (nowS: number) => Record<string, unknown>
}

/** A server of one protocol that does all as it should, one fault aside. */
export async function startRefreshServer(options: ServerOptions = {}): Promise<RefreshServer> {
  const { protocol = 'jsonRefresh', fault, onReuse = 'forgive', dueAt = 0 } = options
  const rules = protocolRules[protocol] as ProtocolRules
  const refreshPath = rules.path ?? '/auth/refresh'
  const issued: string[] = []
  const brought: string[] = []
  const calls: string[] = []
  const good = new Set<string>()
  const spent = new Set<string>()
  let isEnded = false
  const now = (): number => Date.now() + result.aheadMs

  function issue(): Pair {
    const nowS = Math.floor(now() / 1000)
    const claims = { sub: 'ada', jti: crypto.randomUUID(), iat: nowS, exp: nowS + 600 }
    const accessToken = unsignedJwt({ ...claims, ...options.claims?.(nowS) })
    const refreshToken = `r.${crypto.randomUUID()}`
    issued.push(accessToken, refreshToken)
    good.add(rules.hasOneToken ? accessToken : refreshToken)
    return { accessToken, refreshToken }
  }

  const json = { 'Content-Type': 'application/json' }
  function answerTo(method: string, path: string, request: Brought): [Answer, Pair] {
    const none: Pair = { accessToken: '', refreshToken: '' }
    if (method === 'OPTIONS') {
      const headers = {
        'Access-Control-Allow-Headers':
          path === '/me' ? 'Authorization, X-Access-Token, DPoP' : rules.allowHeaders,
      }
      return [{ kind: 'preflight', status: 204, headers, body: undefined }, none]
    }
    if (path === '/me') {
      const accessToken = (rules.readAtApi ?? readBearer)(request)
      if (issued.includes(accessToken ?? '')) {
        return [{ kind: 'me', status: 200, headers: json, body: { name: 'Ada' } }, none]
      }
      const { status, body } = rules.apiRefusal ?? { status: 401, body: { message: 'Unauthorized' } }
      const headers = { ...json, 'WWW-Authenticate': 'Bearer error="invalid_token"' }
      return [{ kind: 'api', status, headers, body: accessToken ? body : { message: 'No token' } }, none]
    }
    const token = rules.read(request)
    const demand = rules.demand?.(request)
    if (demand) {
      const { status, headers, body } = demand
      return [{ kind: 'nothing', status, headers: { ...json, ...headers }, body }, none]
    }
    if (path !== refreshPath.split('?')[0]) {
      return [{ kind: 'missing', status: 404, headers: json, body: { message: 'Not found' } }, none]
    }
    if (token === undefined) {
      return [{ kind: 'nothing', status: 400, headers: json, body: { message: 'No refresh token' } }, none]
    }
    brought.push(token)
    const isForgiven = spent.has(token) && onReuse === 'forgive'
    if (spent.has(token) && onReuse === 'end') isEnded = true
    if (isEnded || !(good.has(token) || isForgiven)) {
      const { status, body } = rules.refusal ?? { status: 401, body: { message: 'Sign in again' } }
      return [{ kind: 'refusal', status, headers: { ...json }, body }, none]
    }
    if (now() < dueAt) {
      const body = { ok: false, message: 'Access token is not expired!' }
      return [{ kind: 'refusal', status: 400, headers: { ...json }, body }, none]
    }
    if (!rules.isStatic) good.delete(token)
    if (!rules.isStatic) spent.add(token)
    const pair = issue()
    const { body, headers } = rules.grant(pair)
    return [{ kind: 'grant', status: 200, headers: { ...(body ? json : {}), ...headers }, body }, pair]
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = new URL(request.url ?? '', 'http://x').pathname
    const body = await text(request)
    calls.push(JSON.stringify({ headers: request.headers, body }))
    const [answer, pair] = answerTo(request.method ?? '', path, { headers: request.headers, body })
    const common: Record<string, string> = {
      Vary: 'Origin',
      'Cache-Control': 'no-store',
      Date: new Date(now()).toUTCString(),
    }
    if (request.headers.origin === appOrigin) {
      common['Access-Control-Allow-Origin'] = appOrigin
      if (rules.withCredentials) common['Access-Control-Allow-Credentials'] = 'true'
      common['Access-Control-Expose-Headers'] =
        'Retry-After, WWW-Authenticate, DPoP-Nonce, Date, Authorization, Refresh, X-Access-Token, X-Refresh-Token, Authorization-refresh'
    }
    answer.headers = { ...common, ...answer.headers }
    fault?.(answer, request, pair)
    if (answer.status === 0) return void response.destroy()
    const { body: content } = answer
    response.writeHead(answer.status, answer.headers)
    const isJson = String(answer.headers['Content-Type']).includes('json')
    response.end(
      content === undefined || content === '' ? '' : isJson ? JSON.stringify(content) : String(content),
    )
  }

  const server = createServer((request, response) => void serve(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const result: RefreshServer = {
    url: `http://127.0.0.1:${port}${refreshPath}`,
    api: `http://127.0.0.1:${port}/me`,
    signIn: '',
    issued,
    get handedOut() {
      return rules.hasOneToken ? issued.filter((token) => !token.startsWith('r.')) : issued
    },
    brought,
    calls,
    aheadMs: 0,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
  const { body, headers = {} } = (rules.signIn ?? rules.grant)(issue())
  const lines = [
    'HTTP/1.1 200 OK',
    ...Object.entries(headers).flatMap(([name, values]) =>
      [values].flat().map((value) => `${name}: ${value}`),
    ),
    '',
    body ? JSON.stringify(body) : '',
  ]
  return Object.assign(result, { signIn: lines.join('\r\n') })
}

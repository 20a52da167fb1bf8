import axios, { type AxiosAdapter, AxiosError, type AxiosInstance, type CreateAxiosDefaults } from 'axios'
import { onTestFinished, vi } from 'vitest'
import { withSession } from '../../../src/axios.js'
import {
  createSession,
  memoryStore,
  type Session,
  type SessionEvent,
  type SessionOptions,
  type SessionState,
  type StoredTokens,
  type TokenSet,
  type TokenStore,
} from '../../../src/index.js'
import { headerPair } from '../../../src/servers.js'
import { leakWatch } from '../../leak-watch/leak-watch.js'
import { opaqueTokens, type TokenKind } from './token-kinds.js'

/** A request of the API's client, as it would go out. */
export interface Sent {
  url: string
  authorization: string | null
  headers: Record<string, unknown>
}

/** A call of the refresh endpoint. */
export interface Refresh {
  url: string
  init: RequestInit
  headers: Headers
}

export interface ApiReply {
  status: number
  headers?: unknown
  data?: unknown
}

/** A store that the test can look into. */
export interface OpenStore extends TokenStore {
  kept: unknown
}

export function openStore(kept: unknown = null): OpenStore {
  return {
    kept,
    read() {
      return this.kept as StoredTokens | null
    },
    write(tokens) {
      this.kept = tokens
    },
  }
}

/** A session, an axios instance that it guards, and both servers, all in memory. Time is the test's to pass. */
export interface Stage {
  session: Session
  api: AxiosInstance
  kind: TokenKind
  readonly sent: Sent[]
  readonly refreshes: Refresh[]
  readonly events: SessionEvent[]
  readonly states: SessionState[]
  /** The generation of the access token that the API takes. */
  current: number
  answer(sent: Sent): ApiReply | Promise<ApiReply>
  renew(refresh: Refresh): Response | Promise<Response>
  signIn(tokens?: Partial<TokenSet>): Promise<void>
}

export interface StageOptions {
  kind?: TokenKind
  options?: Partial<SessionOptions>
  defaults?: CreateAxiosDefaults
}

export const apiOrigin = 'https://api.example.com'
export const refreshUrl = `${apiOrigin}/auth/refresh`

export const json = (body: unknown, init?: ResponseInit): Response => new Response(JSON.stringify(body), init)

export function openStage({ kind = opaqueTokens, options = {}, defaults = {} }: StageOptions = {}): Stage {
  vi.useFakeTimers()
  const refreshes: Refresh[] = []
  vi.stubGlobal('fetch', async (url: string, init: RequestInit) => {
    const refresh = { url, init, headers: new Headers(init.headers) }
    leakWatch.saw('a URL', url)
    refreshes.push(refresh)
    return stage.renew(refresh)
  })

  const sent: Sent[] = []
  const adapter: AxiosAdapter = async (config) => {
    const authorization = config.headers.get('Authorization')
    const request = {
      url: axios.getUri(config),
      authorization: authorization === undefined ? null : String(authorization),
      headers: config.headers.toJSON(),
    }
    leakWatch.saw('a URL', request.url)
    sent.push(request)
    const { status, headers = {}, data = '' } = await stage.answer(request)
    const response = { status, statusText: '', headers: headers as never, data, config, request: {} }
    if (!config.validateStatus || config.validateStatus(status)) return response
    throw new AxiosError(
      `Request failed with status code ${status}`,
      AxiosError.ERR_BAD_REQUEST,
      config,
      {},
      response,
    )
  }

  const session = createSession({
    refresh: headerPair({ url: refreshUrl }),
    store: memoryStore(),
    ...options,
  })
  const events: SessionEvent[] = []
  const states: SessionState[] = []
  session.on((event) => events.push(event))
  session.subscribe((state) => states.push(state))
  const stage: Stage = {
    session,
    api: withSession(axios.create({ baseURL: `${apiOrigin}/v1`, adapter, ...defaults }), session),
    kind,
    sent,
    refreshes,
    events,
    states,
    current: 1,
    answer: ({ authorization }) =>
      authorization === `Bearer ${kind.access(stage.current)}`
        ? { status: 200, data: { ok: true } }
        : { status: 401, data: { message: 'unauthorized' } },
    renew() {
      stage.current++
      return json({ accessToken: kind.access(stage.current), refreshToken: kind.refresh(stage.current) })
    },
    signIn: (tokens) =>
      session.setTokens({ accessToken: kind.access(1), refreshToken: kind.refresh(1), ...tokens }),
  }
  onTestFinished(() => {
    // A refresh call that was sent would be waited for after `dispose`.
    void session.signOut().catch(() => {})
    session.dispose()
    vi.unstubAllGlobals()
    vi.useRealTimers()
    localStorage.clear()
    sessionStorage.clear()
  })
  return stage
}

/** A stage on which a user has signed in. */
export async function signedInStage(
  parts: StageOptions & { tokens?: Partial<TokenSet> } = {},
): Promise<Stage> {
  const stage = openStage(parts)
  await stage.signIn(parts.tokens)
  return stage
}

/** How many refreshes it took to answer one request. */
export async function refreshesFor(stage: Stage, reply: ApiReply): Promise<number> {
  const before = stage.refreshes.length
  stage.answer = ({ authorization }) =>
    authorization === `Bearer ${stage.kind.access(stage.current)}` && stage.refreshes.length > before
      ? { status: 200 }
      : reply
  await stage.api.get('/me', { validateStatus: null })
  return stage.refreshes.length - before
}

import type { AuthError } from '../../../src/core/errors.js'
import type { Exchange } from '../../../src/http/request-guard.js'
import { type Agenda, outside, type Place } from './agenda.js'
import type { AuthServer } from './auth-server.js'

/**
 * - `curable`: takes every good token
 * - `hopeless`: refuses every token as if it had expired
 * - `scope`: refuses with an error that no new token cures
 * - `moved`: redirects to an origin that never sees the token, and refuses
 */
export const routes = ['curable', 'hopeless', 'scope', 'moved'] as const
export type Route = (typeof routes)[number]

export interface ApiReply {
  status: number
  challenge: string | null
  isForeign: boolean
  /** Why there is no better reply, as the guard explains it. */
  reason?: AuthError
}

/** One request of the app, from its beginning to its end. */
export interface ModelRequest {
  readonly id: number
  readonly route: Route
  readonly url: string
  readonly isReplayable: boolean
  readonly latencyMs: number
  readonly isLost: boolean
  /** The family in hand when the app made it; `undefined` when there was none. */
  readonly family: number | undefined
  /** The tab's awake time when the app made it. */
  readonly madeAt: number
  readonly aborter: AbortController
  /** Tokens it was sent with, in turn. */
  readonly sends: (string | null)[]
  /** For each reply that was judged, whether the tab had other tokens in hand by then. */
  readonly lates: boolean[]
  outcome: { reply: ApiReply } | { error: unknown } | undefined
}

export const apiOrigin = 'https://api.test'
export const foreignOrigin = 'https://elsewhere.test'

export interface ApiEnd {
  agenda: Agenda
  place: Place
  server: AuthServer
  onSend(): void
  onJudge(): void
  /** Whether the tab still has this access token in hand. */
  isInHand(accessToken: string | null | undefined): boolean
}

/** The request as the guard sees it; at its other end is the API. */
export function createExchange(
  request: ModelRequest,
  { agenda, place, server, onSend, onJudge, isInHand }: ApiEnd,
): Exchange<ApiReply> {
  const { route, aborter, latencyMs } = request

  function serve(accessToken: string | null): ApiReply {
    const isForeign = route === 'moved'
    if (route === 'curable' && server.accepts(accessToken)) return { status: 200, challenge: null, isForeign }
    const error = route === 'scope' ? 'insufficient_scope' : 'invalid_token'
    return { status: 401, challenge: `Bearer error="${error}"`, isForeign }
  }

  return {
    method: 'GET',
    signal: aborter.signal,
    mayRefresh: true,
    isReplayable: request.isReplayable,
    describe: () => request.url,
    send(credentials) {
      const accessToken = credentials?.Authorization?.slice('Bearer '.length) ?? null
      request.sends.push(accessToken)
      onSend()
      return new Promise((resolve, reject) => {
        if (aborter.signal.aborted) return reject(aborter.signal.reason)
        aborter.signal.addEventListener('abort', () => reject(aborter.signal.reason))
        agenda.after(latencyMs / 2, outside, () => {
          const reply = serve(accessToken)
          agenda.after(latencyMs / 2, place, () => {
            if (request.isLost) reject(new TypeError('Failed to fetch'))
            else resolve(reply)
          })
        })
      })
    },
    statusOf(reply) {
      request.lates.push(!isInHand(request.sends.at(-1)))
      onJudge()
      return reply.status
    },
    replyOf: ({ status, challenge }) => ({
      status,
      header: (name) => (name.toLowerCase() === 'www-authenticate' ? challenge : null),
    }),
    isForeign: ({ isForeign }) => isForeign,
    discard() {},
    explain: (reply, reason) => ({ ...reply, reason }),
    carries: () => false,
  }
}

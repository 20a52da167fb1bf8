import type { AuthError } from '../../../src/core/errors.js'
import { type Agenda, outside, type Place } from './agenda.js'
import type { AuthServer } from './auth-server.js'

/**
 * - `curable`: takes every good token
 * - `futile`: refuses every token as if it had expired
 * - `scope`: refuses with an error that no new token cures
 * - `moved`: redirects to an origin that never sees the token, and refuses
 */
export const routes = ['curable', 'futile', 'scope', 'moved'] as const
export type Route = (typeof routes)[number]

/** What comes back over the network. */
export interface ApiAnswer {
  status: number
  challenge?: string
  isForeign: boolean
}

/** What the app is given. */
export interface ApiReply {
  status: number
  /** Why there is no better reply. */
  reason?: AuthError
}

/** One request of the app, from its beginning to its end. */
export interface ModelRequest {
  readonly id: number
  readonly route: Route
  readonly url: string
  /** Whether its body can be sent a second time. */
  readonly isReplayable: boolean
  readonly latencyMs: number
  readonly isLost: boolean
  /** The family in hand when the app made it; `undefined` when there was none. */
  readonly family: number | undefined
  /** The session in hand then. */
  readonly session: string | undefined
  /** The request whose config this one is made of: something in the app sends it again. */
  readonly earlier: ModelRequest | undefined
  /** What the client hands to whoever may send it again. */
  config: unknown
  /** The tab's awake time when the app made it. */
  readonly madeAt: number
  readonly aborter: AbortController
  /** Tokens it was sent with, in turn. */
  readonly sends: (string | null)[]
  /** For each reply to a token, whether the tab had other tokens in hand by then. */
  readonly lates: boolean[]
  outcome: { reply: ApiReply } | { error: unknown } | undefined
}

export const apiOrigin = 'https://api.test'
export const foreignOrigin = 'https://elsewhere.test'

export interface ApiEnd {
  agenda: Agenda
  place: Place
  server: AuthServer
  onSend(request: ModelRequest): void
  onAnswer(request: ModelRequest): void
  /** Whether the tab still has this access token in hand. */
  isInHand(accessToken: string): boolean
}

/** The API at the other end of a tab's HTTP client. Rejects as the network does, and with the reason of an abort. */
export type Api = (request: ModelRequest, authorization: string | undefined) => Promise<ApiAnswer>

export function createApi({ agenda, place, server, onSend, onAnswer, isInHand }: ApiEnd): Api {
  function serve({ route }: ModelRequest, accessToken: string | null): ApiAnswer {
    const isForeign = route === 'moved'
    if (route === 'curable' && server.accepts(accessToken)) return { status: 200, isForeign }
    const error = route === 'scope' ? 'insufficient_scope' : 'invalid_token'
    return { status: 401, challenge: `Bearer error="${error}"`, isForeign }
  }

  return (request, authorization) => {
    const accessToken = authorization?.slice('Bearer '.length) ?? null
    const { isLost, latencyMs } = request
    const { signal } = request.aborter
    request.sends.push(accessToken)
    onSend(request)
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason)
      signal.addEventListener('abort', () => reject(signal.reason))
      agenda.after(latencyMs / 2, outside, () => {
        const reply = serve(request, accessToken)
        agenda.after(latencyMs / 2, place, () => {
          if (signal.aborted) return
          if (isLost) return reject(new TypeError('Failed to fetch'))
          if (accessToken !== null) request.lates.push(!isInHand(accessToken))
          onAnswer(request)
          resolve(reply)
        })
      })
    })
  }
}

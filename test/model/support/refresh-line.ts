import { AuthError } from '../../../src/core/errors.js'
import type { CallRefresh, RefreshOutcome } from '../../../src/core/refresh-outcome.js'
import { judgeReply } from '../../../src/http/refresh-reply.js'
import type { Reply } from '../../../src/http/reply.js'
import { type Agenda, outside, type Place } from './agenda.js'
import { type AuthServer, familyOf } from './auth-server.js'

/**
 * - `answered`: the server does its work and answers
 * - `lost-before`, `lost-after`: a network error, before or after the server's work
 * - `ended`: the server has revoked the family
 * - `hanging`: the server does its work and never answers
 */
export const refreshFates = [
  'answered',
  'unavailable',
  'quiet',
  'garbage',
  'lost-before',
  'lost-after',
  'ended',
  'not-due',
  'misconfigured',
  'hanging',
] as const

export interface RefreshFate {
  kind: (typeof refreshFates)[number]
  latencyMs: number
  /** The transport does not heed its signal. */
  isDeaf: boolean
}

/** One call of the refresh endpoint. */
export interface RefreshCall {
  readonly place: Place
  readonly refreshToken: string
  readonly family: number
  readonly fate: RefreshFate
  readonly signal: AbortSignal
  /** What the tab was told, while it still cared. */
  outcome: RefreshOutcome | undefined
  isSettled: boolean
}

/** The way between the tabs and the refresh endpoint. */
export interface RefreshLine {
  of(place: Place, now: () => number): CallRefresh
  /** What the next call comes to; without any, calls are answered. */
  fates: RefreshFate[]
}

const good: RefreshFate = { kind: 'answered', latencyMs: 40, isDeaf: false }

const replyWith = (status: number, body: unknown, headers: Record<string, string> = {}): Reply => ({
  status,
  header: (name) => headers[name.toLowerCase()] ?? null,
  body,
})

export function createRefreshLine(
  agenda: Agenda,
  server: AuthServer,
  network: { isOnline: boolean },
  hear: { sent(call: RefreshCall): void; answered(call: RefreshCall): void },
): RefreshLine {
  const line: RefreshLine = {
    fates: [],
    of: (place, now) => (tokens, signal) =>
      new Promise((resolve) => {
        const refreshToken = tokens.refreshToken as string
        const family = familyOf(refreshToken)
        const fate = line.fates.shift() ?? good
        const call: RefreshCall = {
          place,
          refreshToken,
          family,
          fate,
          signal,
          outcome: undefined,
          isSettled: false,
        }
        const settle = (outcome: RefreshOutcome): void => {
          if (call.isSettled) return
          call.isSettled = true
          call.outcome = outcome
          signal.removeEventListener('abort', onAbort)
          hear.answered(call)
          resolve(outcome)
        }
        const lost = (): void => {
          const error = new AuthError('REFRESH_FAILED', 'The refresh endpoint could not be reached')
          settle({ kind: 'retry', error, isUnknown: true })
        }
        const onAbort = (): void => {
          if (!fate.isDeaf) lost()
        }
        const answer = (reply: Reply): void => settle(judgeReply(reply, {}, now()))
        signal.addEventListener('abort', onAbort)
        hear.sent(call)

        const inLatency = (part: number, where: Place, callback: () => void): void => {
          agenda.after(fate.latencyMs * part, where, callback)
        }
        if (fate.kind === 'lost-before' || !network.isOnline) return inLatency(0.5, place, lost)
        inLatency(0.5, outside, () => {
          const reply = serve(fate, refreshToken)
          if (fate.kind === 'hanging') return
          inLatency(0.5, place, () => (fate.kind === 'lost-after' ? lost() : answer(reply)))
        })
      }),
  }

  function serve({ kind }: RefreshFate, refreshToken: string): Reply {
    const family = familyOf(refreshToken)
    if (kind === 'unavailable') return replyWith(503, 'Service Unavailable')
    if (kind === 'quiet') return replyWith(503, '', { 'retry-after': '4' })
    if (kind === 'garbage') return replyWith(200, '<html>')
    if (kind === 'not-due' && server.families[family]?.isEnded !== true) {
      return replyWith(400, { message: 'The access token is not expired yet' })
    }
    if (kind === 'misconfigured') return replyWith(404, { error: 'no such path' })
    if (kind === 'ended') server.end(family)
    const tokens = server.refresh(refreshToken)
    return tokens ? replyWith(200, tokens) : replyWith(401, { error: 'invalid_grant' })
  }

  return line
}

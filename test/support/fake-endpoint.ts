import { AuthError } from '../../src/core/errors.js'
import type { Renew, Renewal } from '../../src/core/refresh-coordinator.js'
import type { StoredTokens } from '../../src/core/tokens.js'

type Answer = Renewal | Promise<Renewal> | ((tokens: StoredTokens, signal: AbortSignal) => Promise<Renewal>)

/** A refresh endpoint that does what the test says, one answer per call, and renews when nothing is left to do. */
export interface FakeEndpoint {
  renew: Renew
  /** The tokens it was called with, in order. */
  readonly calls: StoredTokens[]
  /** What it says next. */
  answers(...answers: Answer[]): void
  /** What it says from now on. */
  always(answer: Answer | undefined): void
  /** Lifetime of the tokens it hands out, in seconds. */
  expiresIn: number
}

export function createFakeEndpoint(): FakeEndpoint {
  const queue: Answer[] = []
  let standing: Answer | undefined
  let issued = 1
  const endpoint: FakeEndpoint = {
    calls: [],
    expiresIn: 900,
    async renew(tokens, signal) {
      endpoint.calls.push(tokens)
      const answer = queue.shift() ?? standing
      if (typeof answer === 'function') return answer(tokens, signal)
      if (answer) return answer
      issued++
      return renewed(`access-${issued}`, `refresh-${issued}`, endpoint.expiresIn)
    },
    answers: (...answers) => void queue.push(...answers),
    always(answer) {
      standing = answer
    },
  }
  return endpoint
}

export const renewed = (accessToken: string, refreshToken?: string, expiresIn?: number): Renewal => ({
  kind: 'renewed',
  tokens: {
    accessToken,
    ...(refreshToken === undefined ? undefined : { refreshToken }),
    ...(expiresIn === undefined ? undefined : { expiresIn }),
  },
})

export const ended: Renewal = {
  kind: 'ended',
  error: new AuthError('SESSION_EXPIRED', 'The server refused the refresh token', { status: 401 }),
}

export const misconfigured: Renewal = {
  kind: 'misconfigured',
  error: new AuthError('REFRESH_REFUSED', 'The refresh request was refused', { status: 404 }),
}

export const unavailable = (retryAfterMs?: number): Renewal => ({
  kind: 'retry',
  error: new AuthError('REFRESH_FAILED', 'The refresh brought no token', { status: 503 }),
  retryAfterMs,
})

/** No reply came: the refresh token may have been spent. */
export const lost: Renewal = {
  kind: 'retry',
  error: new AuthError('REFRESH_FAILED', 'The refresh endpoint could not be reached'),
  isUnknown: true,
}

export const never = (): Promise<Renewal> => new Promise(() => {})

import { AuthError } from '../../src/core/errors.js'
import type { CallRefresh, RefreshOutcome } from '../../src/core/refresh-outcome.js'
import type { TokenSet } from '../../src/core/tokens.js'

type Answer =
  | RefreshOutcome
  | Promise<RefreshOutcome>
  | ((tokens: TokenSet, signal: AbortSignal) => Promise<RefreshOutcome>)

/** A refresh endpoint that does what the test says, one answer per call, and refreshes when nothing is left to do. */
export interface FakeEndpoint {
  callRefresh: CallRefresh
  /** The tokens it was called with, in order. */
  readonly calls: TokenSet[]
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
    async callRefresh(tokens, signal) {
      endpoint.calls.push(tokens)
      const answer = queue.shift() ?? standing
      if (typeof answer === 'function') return answer(tokens, signal)
      if (answer) return answer
      issued++
      return refreshed(`access-${issued}`, `refresh-${issued}`, endpoint.expiresIn)
    },
    answers: (...answers) => void queue.push(...answers),
    always(answer) {
      standing = answer
    },
  }
  return endpoint
}

export const refreshed = (
  accessToken: string,
  refreshToken?: string,
  expiresIn?: number,
): RefreshOutcome => ({
  kind: 'refreshed',
  tokens: {
    accessToken,
    ...(refreshToken === undefined ? undefined : { refreshToken }),
    ...(expiresIn === undefined ? undefined : { expiresIn }),
  },
})

export const ended: RefreshOutcome = {
  kind: 'ended',
  error: new AuthError('SESSION_EXPIRED', 'The server refused the refresh token', { status: 401 }),
}

export const misconfigured: RefreshOutcome = {
  kind: 'misconfigured',
  error: new AuthError('REFRESH_REFUSED', 'The refresh request was refused', { status: 404 }),
}

export const unavailable = (retryAfterMs?: number): RefreshOutcome => ({
  kind: 'retry',
  error: new AuthError('REFRESH_FAILED', 'The refresh brought no token', { status: 503 }),
  retryAfterMs,
})

/** No reply came: the refresh token may have been spent. */
export const lost: RefreshOutcome = {
  kind: 'retry',
  error: new AuthError('REFRESH_FAILED', 'The refresh endpoint could not be reached'),
  isUnknown: true,
}

export const never = (): Promise<RefreshOutcome> => new Promise(() => {})

import { authError, isAuthError, nameOf } from '../core/errors.js'
import { ownFields } from '../core/own-fields.js'
import type { CallRefresh, RefreshOutcome } from '../core/refresh-outcome.js'
import { type TokenSet, tokenSet } from '../core/tokens.js'
import { judgeReply } from './refresh-reply.js'
import { partOf, replyFrom } from './reply.js'

/**
 * The app's own refresh call. It may resolve with a reply body as it came. Where it rejects, the reply is looked for in
 * `error.response` (where axios has it) and read as that of an endpoint; an `AuthError` of code `SESSION_EXPIRED` ends the
 * session; anything else is trouble that passes.
 */
export type RefreshFunction = (context: { tokens: TokenSet; signal: AbortSignal }) => Promise<TokenSet>

/** Makes the function callable, and tells its own HTTP calls from others. */
export function createFunctionCall(
  refresh: RefreshFunction,
  now: () => number,
): { callRefresh: CallRefresh; isOwnCall(signal: AbortSignal | undefined): boolean } {
  /** Set while the function's first, synchronous part runs: most send their request there. */
  let isInside = false
  let ownSignal: AbortSignal | undefined

  async function callRefresh(
    { accessToken, refreshToken }: TokenSet,
    signal: AbortSignal,
  ): Promise<RefreshOutcome> {
    ownSignal = signal
    isInside = true
    const tokens = tokenSet(accessToken, refreshToken)
    try {
      const result = refresh({ tokens: { ...tokens }, signal })
      isInside = false
      return judgeReply({ status: 200, header: () => null, body: await result }, ownFields({}), now(), tokens)
    } catch (error) {
      return judgeThrown(error, now(), tokens)
    } finally {
      isInside = false
    }
  }

  return { callRefresh, isOwnCall: (signal) => isInside || (signal !== undefined && signal === ownSignal) }
}

function judgeThrown(thrown: unknown, now: number, sent: TokenSet): RefreshOutcome {
  if (isAuthError(thrown, 'SESSION_EXPIRED')) return { kind: 'ended', error: thrown }
  if (isAuthError(thrown, 'REFRESH_REFUSED')) return { kind: 'misconfigured', error: thrown }
  const reply = replyFrom(partOf(thrown, 'response'))
  if (reply && !isAuthError(thrown)) return judgeReply(reply, ownFields({ parse: () => null }), now, sent)
  // Not as its cause: what an HTTP client throws holds the request, and with it the tokens.
  const error = isAuthError(thrown) ? thrown : authError('REFRESH_FAILED', 'rejected', {}, nameOf(thrown))
  return { kind: 'retry', error, isUnknown: true }
}

import { AuthError, isAuthError, nameOf } from '../core/errors.js'
import { ownFields } from '../core/own-fields.js'
import type { Renew, Renewal } from '../core/refresh-coordinator.js'
import type { TokenSet } from '../core/tokens.js'
import { judgeReply } from './refresh-reply.js'
import { replyFrom } from './reply.js'

/**
 * The app's own refresh call. It may resolve with a reply body as it came. Where it rejects, the reply is looked for in
 * `error.response` (where axios has it) and read as that of an endpoint; an `AuthError` of code `SESSION_EXPIRED` ends the
 * session; anything else is trouble that passes.
 */
export type RefreshFunction = (context: { tokens: TokenSet; signal: AbortSignal }) => Promise<TokenSet>

/** Makes the function callable, and tells its own HTTP calls from others. */
export function renewBy(
  refresh: RefreshFunction,
  now: () => number,
): { renew: Renew; isOwnCall(signal: AbortSignal | undefined): boolean } {
  /** Set while the function's first, synchronous part runs: most send their request there. */
  let isInside = false
  let ownSignal: AbortSignal | undefined

  async function renew({ accessToken, refreshToken }: TokenSet, signal: AbortSignal): Promise<Renewal> {
    const tokens: TokenSet = { accessToken, ...(refreshToken === undefined ? undefined : { refreshToken }) }
    ownSignal = signal
    isInside = true
    try {
      const result = refresh({ tokens, signal })
      isInside = false
      return judgeReply({ status: 200, header: () => null, body: await result }, ownFields({}), now())
    } catch (error) {
      return judgeThrown(error, now())
    } finally {
      isInside = false
    }
  }

  return { renew, isOwnCall: (signal) => isInside || (signal !== undefined && signal === ownSignal) }
}

function judgeThrown(thrown: unknown, now: number): Renewal {
  if (isAuthError(thrown)) {
    if (thrown.code === 'SESSION_EXPIRED') return { kind: 'ended', error: thrown }
    return thrown.code === 'REFRESH_REFUSED'
      ? { kind: 'misconfigured', error: thrown }
      : { kind: 'retry', error: thrown, isUnknown: true }
  }
  const reply = replyFrom((thrown as { response?: unknown } | null | undefined)?.response)
  if (reply) return judgeReply(reply, ownFields({ parse: () => null }), now)
  // Not as its cause: what an HTTP client throws holds the request, and with it the tokens.
  const error = new AuthError('REFRESH_FAILED', `The refresh function rejected with ${nameOf(thrown)}`)
  return { kind: 'retry', error, isUnknown: true }
}

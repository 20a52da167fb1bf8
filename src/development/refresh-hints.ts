import type { EventBody } from '../core/events.js'
import { fieldOf, isObject } from '../core/own-fields.js'
import type { RefreshOutcome } from '../core/refresh-outcome.js'
import type { TokenSet } from '../core/tokens.js'
import type { Reply } from '../http/reply.js'
import { dateHintOf } from './expiry-date-hint.js'
import { withHelp } from './help-page.js'

/**
 * A warning of a 2xx reply without a token, or of a date that nobody reads. Where the reply is a refusal, only tokens that CORS
 * hides matter.
 */
export function hintAtReply(
  { status, body }: Reply,
  isCrossOrigin: boolean,
  outcome: RefreshOutcome,
): EventBody | undefined {
  if (outcome.kind === 'refreshed') return dateHintOf(outcome.tokens, body)
  const mayHide = isCrossOrigin && !isObject(body)
  if (status >= 300 || !(outcome.kind === 'retry' || (outcome.kind === 'ended' && mayHide))) return undefined
  const { message } = outcome.error
  return mayHide
    ? {
        type: 'warning',
        code: 'TOKEN_HEADERS_HIDDEN',
        message: `${message}. If the tokens are in headers, the server must name these in Access-Control-Expose-Headers`,
      }
    : { type: 'warning', code: 'REFRESH_WITHOUT_TOKEN', message }
}

/** A protocol that is not the server's works until the first expiry, and then looks like a refresh token that is dead. */
export function askAtFirstRefusal(outcome: RefreshOutcome, tokens: TokenSet): void {
  if (outcome.kind !== 'ended' || fieldOf(tokens, 'generation') !== 1) return
  const { error } = outcome
  const question = 'This was the first refresh of the session: does your server speak this protocol?'
  error.message = withHelp(`${error.message}. ${question}`, error.code)
}

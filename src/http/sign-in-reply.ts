import { authError, isAuthError } from '../core/errors.js'
import { fieldOf } from '../core/own-fields.js'
import type { TokenSet } from '../core/tokens.js'
import { describeReply } from '../development/describe-reply.js'
import { withDateHint } from '../development/expiry-date-hint.js'
import { isDevelopment } from '../development/is-development.js'
import type { RefreshEndpoint } from './refresh-endpoint.js'
import { type ReplyReading, tokensIn } from './refresh-reply.js'
import { parseJson, partOf, type Reply, replyFrom } from './reply.js'

/**
 * Finds the tokens in what `setTokens` was given: a token set, a sign-in reply as axios or fetch hands it over, or its
 * body. Replies are read as those of the refresh endpoint. Throws `INVALID_TOKENS` where a reply holds none.
 */
export function readSignIn(
  given: unknown,
  reading: ReplyReading & Pick<RefreshEndpoint, 'withCredentials'>,
): unknown {
  if (typeof partOf(given, 'text') === 'function' && typeof partOf(given, 'status') === 'number') {
    return readResponse(given as Response).then((reply) => tokensOf(reply, reading))
  }
  const reply = replyFrom(given)
  if (reply) return tokensOf(reply, reading)
  let tokens = given
  try {
    const found = tokensIn({ status: 200, header: () => null, body: given }, reading)
    const hasToken = fieldOf(given, 'accessToken') !== undefined
    // Checked as it is, so that the error names the field that is wrong; a body may have the rest by other names. Where tokens
    // are for cookies, the page keeps none.
    tokens = hasToken && !reading.withCredentials ? { ...found, ...(given as object) } : (found ?? given)
  } catch {
    // Refused as it is, then, or a token set.
  }
  return isDevelopment ? withDateHint(tokens, given) : tokens
}

async function readResponse(response: Response): Promise<Reply> {
  const { status, headers, bodyUsed } = response
  const body = bodyUsed ? undefined : parseJson(await response.text())
  return { status, header: (name) => headers.get(name), body }
}

function tokensOf(reply: Reply, reading: ReplyReading): unknown {
  let why = isDevelopment ? describeReply(reply) : undefined
  let tokens: TokenSet | null = null
  try {
    tokens = tokensIn(reply, reading)
  } catch (error) {
    // Nothing else: what an app's own parser throws may quote the reply.
    if (isDevelopment && isAuthError(error)) why = error.message
  }
  if (tokens) return isDevelopment ? withDateHint(tokens, reply.body) : tokens
  throw authError('INVALID_TOKENS', 'no tokens', {}, why)
}

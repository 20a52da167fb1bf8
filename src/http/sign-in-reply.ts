import { attempt } from '../core/attempt.js'
import { AuthError, isAuthError } from '../core/errors.js'
import { describeReply, findTokens, type ReplyReading } from './refresh-reply.js'
import { fieldOf, parseJson, type Reply, replyFrom } from './reply.js'

/**
 * Finds the tokens in what `setTokens` was given: a token set, a sign-in reply as axios or fetch hands it over, or its
 * body. Replies are read as those of the refresh endpoint. Throws `INVALID_TOKENS` where a reply holds none.
 */
export function readSignIn(given: unknown, reading: ReplyReading): unknown {
  const response = given as { status?: unknown; text?: unknown } | null | undefined
  if (typeof response?.text === 'function' && typeof response.status === 'number') {
    return readResponse(given as Response).then((reply) => tokensIn(reply, reading))
  }
  const reply = replyFrom(given)
  if (reply) return tokensIn(reply, reading)
  // Checked as it is, so that what is wrong with one field is said of that field.
  if (fieldOf(given, 'accessToken') !== undefined) return given
  return attempt(() => readBy(reading, { status: 200, header: () => null, body: given })) ?? given
}

async function readResponse(response: Response): Promise<Reply> {
  const { status, headers, bodyUsed } = response
  const body = bodyUsed ? undefined : parseJson(await response.text())
  return { status, header: (name) => headers.get(name), body }
}

function tokensIn(reply: Reply, reading: ReplyReading): unknown {
  let why = describeReply(reply)
  try {
    const tokens = readBy(reading, reply)
    if (tokens) return tokens
  } catch (error) {
    // Nothing else: what an app's own parser throws may quote the reply.
    if (isAuthError(error)) why = error.message
  }
  throw new AuthError('INVALID_TOKENS', `The reply holds no tokens: ${why}`)
}

const readBy = ({ parse }: ReplyReading, reply: Reply): unknown => (parse ? parse(reply) : findTokens(reply))

import type { RefreshOutcome } from '../../src/core/refresh-outcome.js'
import { checkTokens } from '../../src/core/tokens.js'
import { judgeReply, type RefreshReply, type ReplyReading } from '../../src/http/refresh-reply.js'
import { claim, claimNothingIsPolluted, claimQuotesNothing, sentinel } from './support/claims.js'
import { type HostileInput, readHostile } from './support/hostile-value.js'

const statuses = [
  200,
  201,
  204,
  0,
  99,
  302,
  304,
  400,
  401,
  403,
  404,
  408,
  425,
  429,
  500,
  503,
  999,
  Number.NaN,
]
const names = [
  ...['accessToken', 'access_token', 'refreshToken', 'refresh_token', 'expiresIn', 'expires_in'],
  ...['token_type', 'tokenType', 'data', 'error', 'message', 'detail', sentinel],
]
const now = 1_700_000_000_000

const bodies: readonly string[] = [
  '',
  '<html>login</html>',
  '{access_token:a}',
  '\ufeff{"access_token":"a"}',
  'null',
  '[]',
  '"tok"',
  '1',
  '{"error":"invalid_grant"}',
  '{"access_token":"a","token_type":"BEARER"}',
  '{"access_token":"a","token_type":"mac"}',
  '{"access_token":"a","token_type":5}',
  `{"access_token":"${sentinel}","refresh_token":"${sentinel}","expires_in":3600}`,
  `{"accessToken":"${sentinel} a","refreshToken":"${sentinel}","expiresIn":"3600"}`,
  `{"access_token":"${sentinel}\\r\\nX: 1"}`,
  '{"access_token":null,"expires_in":1e400}',
  '{"access_token":"a","expires_in":"1h","refresh_token":{}}',
  '{"access_token":"a","expires_in":-1,"refresh_token":""}',
  `{"data":{"access_token":"${sentinel}","token_type":"bearer"}}`,
  '{"__proto__":{"access_token":"a"},"constructor":{"prototype":{"x":1}}}',
  '{"error":5}',
  '{"error":"INVALID_GRANT","error_description":"<script>","error_uri":"javascript:alert(1)"}',
  `{"message":"Access token is not expired: ${sentinel}"}`,
]

/** Status, ways of reading, four headers; then the body. */
const plainHead = '\0\0\0\0\0\0\0\0'
export const seeds: readonly string[] = [
  ...bodies.map((body) => plainHead + body),
  ...bodies.map((body) => `\x08${plainHead.slice(1)}${body}`),
  `\x0d\0\0\0\x043600\0\0\0{"message":"Slow down"}`,
  `\x0f\0\0\0\x1dTue, 31 Feb 2099 00:00:00 GMT\0\0\0`,
  `\0\0\0\0\0\x12Bearer ${sentinel}\x01R\x10application/json`,
  `\0\x01\0\0\0\0\0\0{"accessToken":"${sentinel}"}`,
]

function readReading(input: HostileInput): ReplyReading {
  const parse = input.pick([undefined, 'value', 'body', 'throws', 'rejects', 'null'])
  const classify = input.pick([undefined, 'value', 'throws', 'ended', 'retry', 'not-due', 'misconfigured'])
  const send = input.pick([undefined, 'form', 'json'])
  const fail = (): never => {
    throw new Error(`It said ${sentinel}`)
  }
  const parsers = {
    value: () => input.value(names) as never,
    body: ({ body }: RefreshReply) => body as never,
    throws: fail,
    rejects: () => Promise.reject(new Error(sentinel)) as never,
    null: () => null,
  }
  return {
    ...(send && { send }),
    ...(parse && { parse: parsers[parse] }),
    ...(classify && {
      classify:
        classify === 'throws' ? fail : classify === 'value' ? () => sentinel as never : () => classify,
    }),
  }
}

export function fuzz(data: Buffer): void {
  const input = readHostile(data)
  const status = input.pick(statuses)
  const reading = readReading(input)
  const [retryAfter, authorization, refresh, contentType] = [1, 2, 3, 4].map(() => input.text() || null)
  const headers: Record<string, string | null | undefined> = {
    'retry-after': retryAfter,
    authorization,
    refresh,
    'content-type': contentType?.replaceAll(sentinel, ''),
  }
  const reply: RefreshReply = {
    status,
    header: (name) => headers[name.toLowerCase()] ?? null,
    body: input.value(names),
  }
  const outcome = judgeReply(reply, reading, now)
  claimIsRefreshOutcome(outcome)
  claimNothingIsPolluted()
}

function claimIsRefreshOutcome(outcome: RefreshOutcome): void {
  switch (outcome.kind) {
    case 'refreshed': {
      const again = checkTokens(outcome.tokens)
      claim(JSON.stringify(again) === JSON.stringify(outcome.tokens), 'tokens are taken that are none')
      return
    }
    case 'not-due':
      return
    case 'retry':
      claim(outcome.retryAfterMs === undefined || outcome.retryAfterMs > 0, 'it is told to wait for no time')
      claim(outcome.error.retryable, 'a retry is for what can be retried')
      claimQuotesNothing(outcome.error)
      return
    default:
      claim(
        outcome.kind === 'ended' || outcome.kind === 'misconfigured',
        `a outcome is ${JSON.stringify(outcome)}`,
      )
      claim(!outcome.error.retryable, 'what ends is not retried')
      claimQuotesNothing(outcome.error)
  }
}

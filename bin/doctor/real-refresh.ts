import { isAuthError } from '../../src/core/errors.js'
import { expiryOf } from '../../src/core/expiry.js'
import { shownToken, type TokenSet } from '../../src/core/tokens.js'
import { describeReply } from '../../src/development/describe-reply.js'
import { judgeReply } from '../../src/http/refresh-reply.js'
import { isPage } from '../../src/http/reply.js'
import { tokensAt } from '../../src/servers/tokens-at.js'
import { type Attempt, type AttemptParts, attempt } from './attempt.js'
import { shortCode } from './candidates.js'
import type { Cookie } from './cookies.js'
import { quoteOf } from './exchange.js'
import { type Finding, finding } from './finding.js'
import { type Granted, grantedBy } from './granted.js'
import type { Probed } from './probe.js'
import type { Redactor } from './redactor.js'
import { rateFinding } from './refusal.js'
import { hideLongStrings, readSignIn, type SignIn } from './sign-in.js'

export interface RefreshParts extends AttemptParts {
  sleep(ms: number): Promise<void>
  redactor: Redactor
}

export interface RealRefresh {
  /** The protocol that the server understood. */
  probed?: Probed
  granted?: Granted
  /** The server understood, and wants the access token to expire first. */
  isNotDue?: boolean
  /** The tokens are bound to a key that this machine does not have, so that no refresh was tried. */
  isBound?: boolean
  findings: Finding[]
}

/** So long an access token may still live for its expiry to be waited for. */
const longestWaitMs = 60_000

/** Tries one protocol after the other with the real tokens, and stops at the first that the server understands. */
export async function refreshForReal(
  probed: Probed[],
  signIn: SignIn,
  parts: RefreshParts,
  expiresAt: number | null,
): Promise<RealRefresh> {
  const { redactor } = parts
  const bound = probed.find(({ candidate }) => candidate.proofs)
  if (bound) return { probed: bound, isBound: true, findings: [] }
  // The sort is stable: among equals, the order in which a wrong guess does least harm.
  const ranked = [...probed].sort((a, b) => b.likelihood - a.likelihood)
  const replies = new Map<string, string[]>()
  for (const one of ranked) {
    const made = await tryWhenDue(one, signIn.tokens, signIn.cookies, parts, expiresAt)
    const { incoming, outcome } = made
    if (outcome.kind === 'not-due') return { probed: one, isNotDue: true, findings: [] }
    const granted = grantedBy(made, signIn.cookies)
    if (granted) return { probed: { ...one, candidate: made.candidate }, granted, findings: [] }
    const spent = incoming && incoming.status < 300 && !isPage(incoming.reply) && holdsTokens(made, redactor)
    if (spent) return { probed: one, findings: [unusableFinding(made)] }
    if (incoming?.status === 429) return { findings: [rateFinding(incoming)] }
    const what = incoming ? `${incoming.status}${quoteOf(incoming, redactor)}` : 'no reply'
    replies.set(what, [...(replies.get(what) ?? []), shortCode(one.candidate)])
  }
  return { findings: [noneFits(replies)] }
}

/** Waits where the server wants the access token to expire first, and that is soon. */
async function tryWhenDue(
  one: Probed,
  tokens: TokenSet,
  cookies: Cookie[],
  parts: RefreshParts,
  expiresAt: number | null,
): Promise<Attempt> {
  const made = await tryOnce(one, tokens, cookies, parts)
  const waitMs = (expiresAt ?? Infinity) - parts.now()
  if (made.outcome.kind !== 'not-due' || waitMs > longestWaitMs) return made
  await parts.sleep(Math.max(0, waitMs) + 1500)
  return tryOnce(one, tokens, cookies, parts)
}

async function tryOnce(
  { candidate }: Probed,
  tokens: TokenSet,
  cookies: Cookie[],
  parts: RefreshParts,
): Promise<Attempt> {
  const made = await attempt(candidate, tokens, cookies, parts)
  const { incoming, outcome } = made
  if (!incoming) return made
  hideLongStrings(incoming.reply.body, parts.redactor)
  for (const line of incoming.setCookies) parts.redactor.hide(/^[^=]*=([^;]*)/.exec(line)?.[1])
  if (outcome.kind === 'refreshed') {
    parts.redactor.hide(shownToken(outcome.tokens))
    parts.redactor.hide(outcome.tokens.refreshToken)
  }
  return outcome.kind === 'retry' && incoming.status < 300 ? readElsewhere(made, parts) : made
}

/** A reply that has its tokens where the protocol does not look: `tokensAt` says where. */
function readElsewhere(made: Attempt, { redactor, now }: RefreshParts): Attempt {
  const { incoming, candidate } = made
  const found = incoming && readSignIn(incoming.text, redactor)
  if (!incoming || !found || typeof found === 'string' || found.names.accessToken === undefined) return made
  const { accessToken, refreshToken } = found.names
  const parse = tokensAt({ accessToken, ...(refreshToken !== undefined && { refreshToken }) })
  const outcome = judgeReply(incoming.reply, { parse }, now())
  if (outcome.kind !== 'refreshed') return made
  const places = [
    `accessToken: '${accessToken}'`,
    ...(refreshToken ? [`refreshToken: '${refreshToken}'`] : []),
  ]
  const code = `{ ...${candidate.code}, parse: tokensAt({ ${places.join(', ')} }) }`
  return { ...made, outcome, candidate: { ...candidate, code, endpoint: { ...candidate.endpoint, parse } } }
}

function holdsTokens({ incoming, outcome }: Attempt, redactor: Redactor): boolean {
  if (outcome.kind === 'ended') return false
  const found = readSignIn(incoming?.text ?? '', redactor)
  return typeof found !== 'string' && found.names.accessToken !== undefined
}

function unusableFinding({ candidate, incoming, outcome }: Attempt): Finding {
  const error = 'error' in outcome ? outcome.error : undefined
  const { cause } = error ?? {}
  const why = isAuthError(cause) ? cause.message : (error?.message ?? '')
  const shape = incoming ? ` (${describeReply(incoming.reply)})` : ''
  return finding(
    'TOKENS_UNUSABLE',
    `The server answers ${candidate.name} with tokens that Latchkey cannot use${shape}: ${why}`,
    'Send the bare tokens, without the word Bearer. For OAuth 2.0, send token_type too',
  )
}

/** @param replies what the server answered, and to which protocols */
const noneFits = (replies: Map<string, string[]>): Finding =>
  finding(
    'NO_PROTOCOL_FITS',
    replies.size > 0
      ? `None of the protocols that the doctor tried brought new tokens. The server answered ${[...replies].map(([what, names]) => `${what} to ${names.join(', ')}`).join('; ')}`
      : 'The sign-in reply contains neither a refresh token nor a cookie, so the doctor cannot refresh',
    'Pass a fresh sign-in reply (with its cookies: curl -i), name the protocol with --protocol, or describe your own with tokensAt',
  )

export type Reuse = 'not rotated' | 'forgiven' | 'refused' | 'ends the session'

/** Uses the old refresh token once more, as a page does whose reply was lost; then the new one, to see what became of it. */
export async function reuse(
  granted: Granted,
  signIn: SignIn,
  parts: RefreshParts,
): Promise<{ reuse: Reuse; findings: Finding[] }> {
  const probed = { candidate: granted.candidate, preflight: undefined, likelihood: 0 }
  if (!rotates(granted, signIn)) {
    const again = await tryOnce(probed, signIn.tokens, signIn.cookies, parts)
    if (again.outcome.kind === 'refreshed' || again.outcome.kind === 'not-due') {
      return { reuse: 'not rotated', findings: [] }
    }
    return {
      reuse: 'refused',
      findings: [
        finding(
          'ROTATED_TOKEN_MISSING',
          'The server accepts a refresh token only once, but its reply has no new one: each session ends after one refresh',
          'Send the next refresh token with the access token, as the sign-in does',
        ),
      ],
    }
  }
  const again = await tryOnce(probed, signIn.tokens, signIn.cookies, parts)
  if (again.outcome.kind === 'refreshed') return { reuse: 'forgiven', findings: [] }
  const tokens = {
    ...granted.tokens,
    refreshToken: granted.tokens.refreshToken ?? signIn.tokens.refreshToken,
  }
  const expiresAt = expiryOf(granted.tokens, parts.now())
  const after = await tryWhenDue(probed, tokens as TokenSet, granted.cookies, parts, expiresAt)
  const isEnd = after.outcome.kind === 'ended'
  const fate =
    after.outcome.kind === 'not-due' ? '. Whether the session goes on shows at the next expiry' : ''
  const found = isEnd
    ? finding(
        'REUSE_ENDS_SESSION',
        'A second use of the refresh token, right after the first, ends the session: a lost reply signs that user out',
        grace,
      )
    : finding(
        'REUSE_NOT_FORGIVEN',
        `The server refuses a second use of the refresh token, right after the first: a page whose reply was lost has no other token${fate}`,
        grace,
      )
  return { reuse: isEnd ? 'ends the session' : 'refused', findings: [found] }
}

const grace =
  'Accept the previous refresh token for some seconds, and send the same answer again: a reply can get lost after the rotation'

/** Whether the refresh brought another refresh token, in the reply or as a cookie. */
export function rotates({ tokens, cookies, candidate }: Granted, signIn: SignIn): boolean {
  if (candidate.endpoint.credentials === 'include') {
    return cookies.some((fresh) => {
      const old = signIn.cookies.find(({ name }) => name === fresh.name)
      return old !== undefined && old.value !== fresh.value && !/csrf|xsrf|access/i.test(fresh.name)
    })
  }
  return tokens.refreshToken !== undefined && tokens.refreshToken !== signIn.tokens.refreshToken
}

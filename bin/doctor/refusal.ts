import { isPage } from '../../src/http/reply.js'
import type { Attempt } from './attempt.js'
import { type Incoming, isRedirect, quoteOf } from './exchange.js'
import { type Finding, finding } from './finding.js'
import type { Redactor } from './redactor.js'

export function redirectFinding({ status, headers }: Incoming, address: string): Finding {
  const from = new URL(address)
  const location = headers.get('Location') ?? ''
  let to: URL | undefined
  try {
    to = new URL(location, from)
  } catch {
    // Said as it is.
  }
  const what = !to
    ? 'elsewhere'
    : to.origin !== from.origin && to.host === from.host
      ? `to ${to.protocol}//`
      : to.host !== from.host
        ? `to another host, ${to.host}`
        : to.pathname === `${from.pathname}/`
          ? 'to the same path with a slash at the end'
          : `${to.pathname}/` === from.pathname
            ? 'to the same path without the slash at the end'
            : `to ${to.pathname}`
  const isSignInPage = to !== undefined && /log-?in|sign-?in/i.test(to.pathname)
  return finding(
    'REDIRECT',
    `${from.href} redirects ${what} (${status}): a redirect is refused, because it would carry the refresh token along`,
    isSignInPage
      ? 'Answer 401 where nobody is signed in: a page to sign in at is for people'
      : `Name the final URL in the app${to ? `: ${to.origin}${to.pathname}` : ''}`,
  )
}

export const pageFinding = ({ status }: Incoming): Finding =>
  finding(
    'HTML_REPLY',
    `The refresh endpoint answers by a page of HTML (${status})`,
    'Answer in JSON. A page comes from what stands before the server: a firewall, a page to sign in at, or the fallback of a single-page app, which means that the path is wrong',
  )

export const rateFinding = ({ headers }: Incoming): Finding => {
  const after = headers.get('Retry-After')
  return finding(
    'RATE_LIMITED',
    `The server asked for quiet (429${after && /^[\w ,:-]{1,40}$/.test(after) ? `, Retry-After: ${after}` : ''}): not all was checked`,
    'Run this again later, with --protocol for fewer calls. Count users and not addresses, for an office shares one',
    ...(after ? [] : ['Retry-After: 30']),
  )
}

/** Judges the answer to tokens that no server has issued. */
export function refusalFindings(
  { candidate, incoming, outcome }: Attempt,
  isKnown: boolean,
  redactor: Redactor,
): Finding[] {
  if (!incoming) return []
  const { status, headers, reply } = incoming
  const found: Finding[] = []
  const quoted = quoteOf(incoming, redactor)
  const isOAuth = candidate.name === 'oauth2'
  const right = isOAuth ? '400 with {"error":"invalid_grant"}' : '401'
  const perhaps = isKnown
    ? ''
    : '. If it speaks a protocol that was not tried, name that by --protocol, or give a sign-in reply'
  if (isRedirect(incoming)) found.push(redirectFinding(incoming, candidate.endpoint.url.toString()))
  else if (status === 429) found.push(rateFinding(incoming))
  else if (isPage(reply)) found.push(pageFinding(incoming))
  else if (outcome.kind === 'refreshed') {
    found.push(
      finding(
        'ACCEPTS_ANY_TOKEN',
        'The server gives tokens for a refresh token that nobody has issued',
        'Look every refresh token up, and answer 401 where it is unknown',
      ),
    )
  } else if (status >= 500) {
    found.push(
      finding(
        'SERVER_ERROR',
        `A refresh token that is no good makes the server fail (${status}${quoted}): apps try again and never end the session`,
        `Answer ${right}${perhaps}`,
      ),
    )
  } else if (status < 300 && outcome.kind !== 'ended') {
    found.push(
      finding(
        'REFUSAL_IS_SUCCESS',
        `A refresh token that is no good is answered by ${status}${quoted}: apps take it for a fault that passes`,
        `Answer ${right}, or name the code in the body by classify or by springReissue${perhaps}`,
      ),
    )
  } else if (outcome.kind !== 'ended' && outcome.kind !== 'not-due') {
    found.push(
      finding(
        'REFUSAL_STATUS',
        `A refresh token that is no good is answered by ${status}${quoted}, which does not end the session: users see errors and no page to sign in at`,
        `Answer ${right}${perhaps}`,
      ),
    )
  } else if (status === 403 && !isOAuth && candidate.name !== 'cookie') {
    found.push(
      finding(
        'REFUSAL_IS_403',
        'A refresh token that is no good is answered by 403, as firewalls answer too',
        'Answer 401: 403 says that the user is known and may not',
      ),
    )
  }
  if (/^\s*basic\b/i.test(headers.get('WWW-Authenticate') ?? '')) found.push(basicFinding)
  return found
}

const basicFinding = finding(
  'CHALLENGE_BASIC',
  'The 401 has WWW-Authenticate: Basic: browsers open a window that asks for a password',
  'Name the scheme that the API uses',
  'WWW-Authenticate: Bearer',
)

/** Lasting by RFC 6750 section 3.1: no new token cures them. */
const lasting = /\berror\s*=\s*"?(insufficient_scope|invalid_request)/i

/** Judges what the API answers to an access token that is no good. */
export function apiFindings(incoming: Incoming, redactor: Redactor): Finding[] {
  const { status, headers, reply } = incoming
  const challenge = headers.get('WWW-Authenticate')
  if (isRedirect(incoming) || isPage(reply) || status !== 401) {
    const what = isRedirect(incoming)
      ? `a redirect (${status})`
      : isPage(reply)
        ? `a page of HTML (${status})`
        : `${status}${quoteOf(incoming, redactor)}`
    const means =
      status < 300 && !isPage(reply) ? ': perhaps it needs no token, then give a URL that does' : ''
    return [
      finding(
        'API_NOT_401',
        `The API answers an access token that is no good by ${what}${means}`,
        'Answer 401: that is what a refresh follows. 403 is for a good token that may not; or write isExpired',
        'WWW-Authenticate: Bearer error="invalid_token"',
      ),
    ]
  }
  if (challenge === null) {
    return [
      finding(
        'CHALLENGE_MISSING',
        'The 401 of the API does not say what it wants (RFC 9110 section 15.5.2)',
        'Say why',
        'WWW-Authenticate: Bearer error="invalid_token"',
      ),
    ]
  }
  if (/^\s*basic\b/i.test(challenge)) return [basicFinding]
  return lasting.test(challenge)
    ? [
        finding(
          'CHALLENGE_LASTING',
          'The 401 of the API says insufficient_scope or invalid_request, which no new token cures: no refresh follows',
          'Say that the token is no good',
          'WWW-Authenticate: Bearer error="invalid_token"',
        ),
      ]
    : []
}

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
    `${from.href} redirects ${what} (${status}): Latchkey refuses redirects, because they would carry the refresh token along`,
    isSignInPage
      ? 'Answer 401 if nobody is signed in. A sign-in page is for people'
      : `Use the final URL in the app${to ? `: ${to.origin}${to.pathname}` : ''}`,
  )
}

export const pageFinding = ({ status }: Incoming): Finding =>
  finding(
    'HTML_REPLY',
    `The refresh endpoint answers with an HTML page (${status})`,
    'Answer with JSON. The page comes from something in front of the server: a firewall, a sign-in page, or the fallback of a single-page app (then the path is wrong)',
  )

export const rateFinding = ({ headers }: Incoming): Finding => {
  const after = headers.get('Retry-After')
  return finding(
    'RATE_LIMITED',
    `The server limits the rate of calls (429${after && /^[\w ,:-]{1,40}$/.test(after) ? `, Retry-After: ${after}` : ''}), so the doctor could not check everything`,
    'Run the doctor again later, with --protocol for fewer calls. On the server, count per user and not per IP address: an office shares one',
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
    : '. If the server speaks a protocol that the doctor did not try, name it with --protocol, or pass a sign-in reply'
  if (isRedirect(incoming)) found.push(redirectFinding(incoming, candidate.endpoint.url.toString()))
  else if (status === 429) found.push(rateFinding(incoming))
  else if (isPage(reply)) found.push(pageFinding(incoming))
  else if (outcome.kind === 'refreshed') {
    found.push(
      finding(
        'ACCEPTS_ANY_TOKEN',
        'The server issues tokens for a made-up refresh token',
        'Check every refresh token, and answer 401 if it is unknown',
      ),
    )
  } else if (status >= 500) {
    found.push(
      finding(
        'SERVER_ERROR',
        `An invalid refresh token makes the server fail (${status}${quoted}): apps try again and never end the session`,
        `Answer ${right}${perhaps}`,
      ),
    )
  } else if (status < 300 && outcome.kind !== 'ended') {
    found.push(
      finding(
        'REFUSAL_IS_SUCCESS',
        `The server answers an invalid refresh token with ${status}${quoted}: apps take that for a temporary fault`,
        `Answer ${right}, or name the code in the body with classify or springReissue${perhaps}`,
      ),
    )
  } else if (outcome.kind !== 'ended' && outcome.kind !== 'not-due') {
    found.push(
      finding(
        'REFUSAL_STATUS',
        `The server answers an invalid refresh token with ${status}${quoted}, which does not end the session: users see errors and no sign-in page`,
        `Answer ${right}${perhaps}`,
      ),
    )
  } else if (status === 403 && !isOAuth && candidate.name !== 'cookie') {
    found.push(
      finding(
        'REFUSAL_IS_403',
        'The server answers an invalid refresh token with 403, as firewalls do too',
        'Answer 401. 403 means that the user is known and has no permission',
      ),
    )
  }
  if (/^\s*basic\b/i.test(headers.get('WWW-Authenticate') ?? '')) found.push(basicFinding)
  if (candidate.name === 'supabase' && /\bapi ?key\b/i.test(quoted)) {
    found.push(
      finding(
        'API_KEY_WANTED',
        `The server looks at no token without the right public key${quoted}`,
        'Give the public key of the project: --api-key here, apiKey in the app',
      ),
    )
  }
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

/**
 * Judges what the API answers to an access token that is no good.
 *
 * @param isExpired whether the protocol takes a reply for an expiry that is none by its status
 */
export function apiFindings(
  incoming: Incoming,
  redactor: Redactor,
  isExpired: (incoming: Incoming) => boolean,
): Finding[] {
  const { status, headers, reply } = incoming
  const challenge = headers.get('WWW-Authenticate')
  if (status !== 401 && !isRedirect(incoming) && isExpired(incoming)) return []
  if (isRedirect(incoming) || isPage(reply) || status !== 401) {
    const what = isRedirect(incoming)
      ? `a redirect (${status})`
      : isPage(reply)
        ? `an HTML page (${status})`
        : `${status}${quoteOf(incoming, redactor)}`
    const means =
      status < 300 && !isPage(reply) ? '. If this URL needs no token, pass another one that does' : ''
    return [
      finding(
        'API_NOT_401',
        `The API answers an invalid access token with ${what}${means}`,
        'Answer 401: then apps refresh. 403 is for a valid token without permission. If you cannot change the API, write isExpired',
        'WWW-Authenticate: Bearer error="invalid_token"',
      ),
    ]
  }
  if (challenge === null) {
    return [
      finding(
        'CHALLENGE_MISSING',
        'The 401 of the API has no WWW-Authenticate header (RFC 9110 section 15.5.2)',
        'Send the header, with the reason',
        'WWW-Authenticate: Bearer error="invalid_token"',
      ),
    ]
  }
  if (/^\s*basic\b/i.test(challenge)) return [basicFinding]
  return lasting.test(challenge)
    ? [
        finding(
          'CHALLENGE_LASTING',
          'The 401 of the API says insufficient_scope or invalid_request, which no new token cures, so apps do not refresh',
          'Say that the token is invalid',
          'WWW-Authenticate: Bearer error="invalid_token"',
        ),
      ]
    : []
}

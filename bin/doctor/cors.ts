import { type Incoming, isRedirect, type Outgoing, type Send } from './exchange.js'
import { type Finding, finding } from './finding.js'

/** What of CORS depends on the app and its call. */
export interface CorsCall {
  appOrigin: string
  /** Whether the browser is to send cookies and to keep them. */
  withCredentials: boolean
}

/** Where the browser looks for the permission. */
export interface CorsReplies {
  preflight?: Incoming | undefined
  refusal?: Incoming | undefined
  success?: Incoming | undefined
}

const listOf = (value: string | null): string[] =>
  (value ?? '')
    .toLowerCase()
    .split(',')
    .map((name) => name.trim())
    .filter(Boolean)

const simpleHeaders = ['accept', 'accept-language', 'content-language']
const simpleTypes = /^(application\/x-www-form-urlencoded|multipart\/form-data|text\/plain)\b/

/** The headers of a request that a browser asks leave for (Fetch, "CORS-unsafe request-header names"). */
export function askedHeaders(headers: Headers): string[] {
  const unsafe = [...headers].filter(([name, value]) =>
    name === 'content-type' ? !simpleTypes.test(value) : !simpleHeaders.includes(name),
  )
  return unsafe.map(([name]) => name).sort()
}

/** Asks as a browser does before a request, or not at all where it would not. */
export async function sendPreflight(
  send: Send,
  { url, method, headers }: Outgoing,
  origin?: string,
): Promise<Incoming | undefined> {
  const asked = askedHeaders(new Headers(headers))
  if (asked.length === 0) return undefined
  return send({
    url,
    method: 'OPTIONS',
    headers: {
      'Access-Control-Request-Method': method,
      'Access-Control-Request-Headers': asked.join(','),
    },
    ...(origin !== undefined && { origin }),
  })
}

/** What keeps a browser from sending the request that it asked leave for; the origin is another matter. */
export function preflightFindings(
  preflight: Incoming | undefined,
  { headers }: Outgoing,
  { withCredentials }: CorsCall,
): Finding[] {
  if (!preflight) return []
  const { status } = preflight
  if (isRedirect(preflight)) {
    return [
      finding(
        'PREFLIGHT_REDIRECT',
        `The preflight (OPTIONS) gets a redirect (${status}), which browsers do not follow`,
        'Answer OPTIONS at exactly this URL with 204, before any redirect',
      ),
    ]
  }
  if (status < 200 || status > 299) {
    const why = [401, 403].includes(status) ? ': a preflight never carries a token' : ''
    return [
      finding(
        'PREFLIGHT_STATUS',
        `The server answers the preflight (OPTIONS) with ${status}${why}`,
        'Answer OPTIONS with 204 and the Access-Control headers, before any check of tokens',
      ),
    ]
  }
  const allowed = listOf(preflight.headers.get('Access-Control-Allow-Headers'))
  const missing = askedHeaders(new Headers(headers)).filter(
    (name) =>
      !allowed.includes(name) && (!allowed.includes('*') || withCredentials || name === 'authorization'),
  )
  if (missing.length === 0) return []
  const names = missing.map(titled).join(', ')
  const star = allowed.includes('*')
    ? withCredentials
      ? ' (* has no effect for a call with cookies)'
      : ' (* does not cover Authorization)'
    : ''
  return [
    finding(
      'PREFLIGHT_HEADERS',
      `The preflight does not allow the header ${names}${star}`,
      'Name every header that the refresh sends',
      `Access-Control-Allow-Headers: ${[...allowed.filter((name) => name !== '*').map(titled), names].join(', ')}`,
    ),
  ]
}

/** `www-authenticate` as people write it. */
export const titled = (name: string): string =>
  name === 'www-authenticate' ? 'WWW-Authenticate' : name.replace(/(^|-)\w/g, (start) => start.toUpperCase())

/** Which headers of a reply a page of another origin sees (Fetch, "CORS-safelisted response-header name"). */
export function isExposed(name: string, { headers }: Incoming, withCredentials: boolean): boolean {
  const safe = [
    'cache-control',
    'content-language',
    'content-length',
    'content-type',
    'expires',
    'last-modified',
    'pragma',
  ]
  const exposed = listOf(headers.get('Access-Control-Expose-Headers'))
  const lower = name.toLowerCase()
  return safe.includes(lower) || exposed.includes(lower) || (exposed.includes('*') && !withCredentials)
}

/** What the app could make use of and does not get to see. */
export function exposureFindings(refusal: Incoming, call: CorsCall): Finding[] {
  const { headers } = refusal
  const wanted = [
    'Retry-After',
    ...(headers.has('WWW-Authenticate') ? ['WWW-Authenticate'] : []),
    // By the server's clock, proofs of DPoP are dated.
    ...(headers.has('DPoP-Nonce') ? ['DPoP-Nonce', 'Date'] : []),
  ]
  const hidden = wanted.filter((name) => !isExposed(name, refusal, call.withCredentials))
  if (hidden.length === 0) return []
  const exposed = headers.get('Access-Control-Expose-Headers')
  return [
    finding(
      'EXPOSE_HEADERS',
      `A page of another origin cannot read ${hidden.join(', ')}`,
      'Expose them: they tell the app why it was refused and how long to wait',
      `Access-Control-Expose-Headers: ${[...(exposed && exposed !== '*' ? [exposed] : []), ...hidden].join(', ')}`,
    ),
  ]
}

/** @param foreign what a page of a stranger's origin got */
export function strangerFindings(
  foreign: Incoming | undefined,
  strangersOrigin: string,
  own: Incoming,
): Finding[] {
  if (foreign?.headers.get('Access-Control-Allow-Origin') !== strangersOrigin) return []
  const found: Finding[] = []
  if (foreign.headers.get('Access-Control-Allow-Credentials') === 'true') {
    found.push(
      finding(
        'ANY_ORIGIN_WITH_CREDENTIALS',
        'The server allows every origin, with cookies: any page that a user visits can refresh and read the tokens',
        'Compare Origin with a list of allowed origins, and send no CORS headers to others',
      ),
    )
  }
  const vary = listOf(own.headers.get('Vary'))
  if (!vary.includes('origin') && !vary.includes('*')) {
    found.push(
      finding(
        'VARY_ORIGIN',
        'Access-Control-Allow-Origin depends on the request, but without Vary: Origin a cache may reuse it for another origin',
        'Say that the reply differs by origin',
        'Vary: Origin',
      ),
    )
  }
  return found
}

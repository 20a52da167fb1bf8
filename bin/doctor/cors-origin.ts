import type { CorsCall, CorsReplies } from './cors.js'
import type { Incoming } from './exchange.js'
import { type Finding, finding } from './finding.js'

type OriginState = 'good' | 'missing' | 'wrong' | 'wildcard'

function originState({ headers }: Incoming, { appOrigin, withCredentials }: CorsCall): OriginState {
  const allowed = headers.get('Access-Control-Allow-Origin')
  if (allowed === null) return 'missing'
  if (allowed === '*') return withCredentials ? 'wildcard' : 'good'
  return allowed === appOrigin ? 'good' : 'wrong'
}

/** Whether the browser lets the page see the replies: judged over all of them, because the cause lies in which of them fail. */
export function originFindings(replies: CorsReplies, call: CorsCall): Finding[] {
  const known = Object.entries(replies).filter((entry): entry is [keyof CorsReplies, Incoming] => !!entry[1])
  const states = known.map(([which, reply]) => [which, originState(reply, call)] as const)
  const whichAre = (state: OriginState): string[] =>
    states.filter((each) => each[1] === state).map(([which]) => which)
  const exact = `Access-Control-Allow-Origin: ${call.appOrigin}`
  const found: Finding[] = []

  const [wrong] = whichAre('wrong')
  if (wrong !== undefined) {
    const value = replies[wrong as keyof CorsReplies]?.headers.get('Access-Control-Allow-Origin') ?? ''
    const why = value.includes(',')
      ? ', and only one origin is allowed there'
      : value === `${call.appOrigin}/`
        ? ', with a slash too many'
        : ''
    found.push(
      finding(
        'ALLOW_ORIGIN_WRONG',
        `Access-Control-Allow-Origin is ${value}, not ${call.appOrigin}${why}`,
        'Answer with exactly the origin of the app',
        exact,
      ),
    )
  }
  if (whichAre('wildcard').length > 0) {
    found.push(
      finding(
        'ALLOW_ORIGIN_WILDCARD',
        'Access-Control-Allow-Origin is *, which browsers do not accept for a call with cookies',
        'Answer with exactly the origin of the app',
        exact,
      ),
    )
  }
  found.push(...missingOrigin(whichAre('missing'), known.length, exact))

  const lacking = known.filter(
    ([, { headers }]) => headers.get('Access-Control-Allow-Credentials') !== 'true',
  )
  if (call.withCredentials && lacking.length > 0) {
    const places = lacking.map(([which]) => nounOf[which]).join(' and ')
    found.push(
      finding(
        'ALLOW_CREDENTIALS_MISSING',
        `Access-Control-Allow-Credentials: true is missing from ${places}: browsers hide the reply from the app and drop its cookies`,
        'Send it with every reply, including the preflight and errors',
        'Access-Control-Allow-Credentials: true',
      ),
    )
  }
  return found
}

const nounOf: Record<keyof CorsReplies, string> = {
  preflight: 'the preflight',
  refusal: 'the reply to an invalid token',
  success: 'the reply with tokens',
}

function missingOrigin(missing: string[], all: number, exact: string): Finding[] {
  if (missing.length === 0) return []
  if (missing.length === all || missing.includes('preflight')) {
    const where = missing.length === all ? 'No reply of the server' : 'The preflight'
    const says = missing.length === all ? 'has' : 'has no'
    return [
      finding(
        'ALLOW_ORIGIN_MISSING',
        `${where} ${says} Access-Control-Allow-Origin: the app sees a network error`,
        'Allow the origin of the app',
        exact,
      ),
    ]
  }
  const found: Finding[] = []
  if (missing.includes('refusal')) {
    found.push(
      finding(
        'ALLOW_ORIGIN_NOT_ON_ERRORS',
        'The reply to an invalid token has no Access-Control-Allow-Origin: the app sees a network error, tries again and keeps a dead session',
        'Send the header with errors too: have CORS run before authentication and in error handlers (nginx: add_header … always)',
        exact,
      ),
    )
  }
  if (missing.includes('success')) {
    found.push(
      finding(
        'ALLOW_ORIGIN_NOT_ON_SUCCESS',
        'The reply with tokens has no Access-Control-Allow-Origin: the app cannot read the new tokens, and if refresh tokens rotate, the session is lost',
        'Send the header with every reply',
        exact,
      ),
    )
  }
  return found
}

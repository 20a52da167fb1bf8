import type { EventBody } from '../core/events.js'
import { readClaims } from '../core/jwt.js'
import { fieldOf } from '../core/own-fields.js'
import type { SessionParts } from '../core/session-parts.js'

/** What servers call the instant at which an access token expires. */
const dateNames = [
  'expiresAt',
  'expires_at',
  'expires',
  'expiration',
  'expires_on',
  'accessTokenExpiresAt',
  'access_token_expires_at',
  'access_expires_at',
]

/** An instant of this century: a date, or seconds or milliseconds since 1970. A lifetime is none. */
function isInstant(value: unknown): boolean {
  if (typeof value === 'number' || /^\d+$/.test(String(value))) return Number(value) > 1e9
  return typeof value === 'string' && /\b20\d\d\b/.test(value) && !Number.isNaN(Date.parse(value))
}

/**
 * The warning of tokens of which nothing but a date says when they expire, and nobody reads it.
 *
 * @param found the tokens as they were read
 * @param body where they were found
 */
export function dateHintOf(found: unknown, body: unknown): EventBody | undefined {
  const accessToken = fieldOf(found, 'accessToken')
  const isKnown =
    typeof accessToken !== 'string' ||
    (fieldOf(found, 'expiresIn') ?? readClaims(accessToken)?.exp) !== undefined
  if (isKnown) return undefined
  for (const [place, path] of [[body, ''] as const, [fieldOf(body, 'data'), 'data.'] as const]) {
    const name = dateNames.find((each) => isInstant(fieldOf(place, each)))
    if (name === undefined) continue
    const message = `Latchkey does not read the date in ${path}${name}, so it learns of the expiry by a 401. Give expiresIn in seconds, or set parse of the refresh endpoint to tokensAt({ accessToken: …, expiresAt: '${path}${name}' })`
    return { type: 'warning', code: 'EXPIRY_DATE_NOT_READ', message }
  }
  return undefined
}

/** Takes the warning along with the tokens, to where it can be emitted. */
const hint = /* @__PURE__ */ Symbol.for('latchkey.hint')

export function withDateHint(found: unknown, body: unknown): unknown {
  const warning = dateHintOf(found, body)
  return warning ? { ...(found as object), [hint]: warning } : found
}

/** Has `readSignIn` note the warning that its tokens come with. Returns what takes the latest one. */
export function noteDateHints(method: Pick<SessionParts, 'readSignIn'>): () => EventBody | undefined {
  const { readSignIn } = method
  let latest: EventBody | undefined
  const note = (found: unknown): unknown => {
    latest = (found as { [hint]?: EventBody } | null | undefined)?.[hint]
    return found
  }
  method.readSignIn = (given) => {
    const found = readSignIn(given)
    return found instanceof Promise ? found.then(note) : note(found)
  }
  return () => {
    const warning = latest
    latest = undefined
    return warning
  }
}

import type { Environment } from './environment.js'
import type { AuthError } from './errors.js'

const firstDelayMs = 500
/** The longest rest of our own, and the longest `Retry-After` that is heeded. */
const longestRestMs = 300_000

/** The rest that an auth server in trouble is given, by all callers together. */
export interface CoolDown {
  /** The failure that was the last word, if it was one. */
  readonly trouble: AuthError | undefined
  /** Whether the server has failed us and not recovered: the next flight is one probe. */
  readonly isProbing: boolean
  /** The instant before which the endpoint is left alone. */
  notBefore(): number
  /** Before another try in the same flight, with full jitter. */
  delayMs(tries: number): number
  /** Notes a failure, after which the server may have asked for quiet, and hands it back. */
  fail(error: AuthError, retryAfterMs?: number): AuthError
  /** Notes a failure that the server had no part in: it needs no rest. */
  failWithoutRest(error: AuthError): AuthError
  /** The server asked to be left alone until then. */
  restUntil(until: number): void
  /** What failed is past, and the next refresh may come at once. */
  forget(): void
}

/**
 * A server that comes back meets all who failed meanwhile. So they are spread: over twice as long with each failure, and
 * from the longest rest on each has an instant of its own in it and keeps to it, which makes their load as even as it can
 * be. (With a new random rest each time it would be twice as high at first, and take longer; see bench/fleet.md.)
 */
export function createCoolDown({ clock, random }: Pick<Environment, 'clock' | 'random'>): CoolDown {
  let trouble: AuthError | undefined
  let restMs = 0
  let nextAt = 0
  let restsUntil = 0
  let notedAt = 0

  /** A clock that shows less than when the rest was noted has been set back: then the rest is over. */
  function look(): number {
    const now = clock.now()
    if (now < notedAt) nextAt = restsUntil = 0
    return now
  }

  return {
    get trouble() {
      return trouble
    },
    get isProbing() {
      return restMs > 0
    },
    delayMs: (tries) => random() * firstDelayMs * 2 ** tries,
    notBefore() {
      look()
      return Math.max(nextAt, restsUntil)
    },
    fail(error, retryAfterMs = 0) {
      trouble = error
      const quietMs = Math.min(retryAfterMs, longestRestMs)
      const isSpread = restMs === longestRestMs
      restMs = Math.min(longestRestMs, Math.max(2 * firstDelayMs, 2 * restMs, quietMs))
      notedAt = look()
      restsUntil = Math.max(restsUntil, notedAt + quietMs)
      // All were told the same `Retry-After`, often the same instant.
      nextAt = notedAt + (isSpread ? restMs : quietMs + random() * restMs)
      return error
    },
    failWithoutRest(error) {
      trouble = error
      return error
    },
    restUntil(until) {
      notedAt = look()
      restsUntil = Math.max(restsUntil, Math.min(until, notedAt + 2 * longestRestMs))
    },
    forget() {
      trouble = undefined
      restMs = nextAt = 0
    },
  }
}

import type { AuthError } from './errors.js'
import type { RefreshOutcome } from './refresh-outcome.js'

/** What earlier refreshes say about the auth server. A value: each change makes a new one. */
export interface Backoff {
  /** The failure that was the last word, if it was one. */
  readonly error?: AuthError | undefined
  /** The length of the present backoff; 0 where the server has not failed since it last answered. */
  readonly delayMs: number
  /** The instant before which this page does not ask. */
  readonly retryAt: number
  /** The same for what a user waits for. */
  readonly wantedAt: number
  /** The instant before which the server wants no request, by `Retry-After`. */
  readonly quietUntil: number
  /** When these were set. */
  readonly notedAt: number
}

/** What one flight has tried so far. */
export interface Tries {
  readonly retries: number
  /** Calls of which no reply came. */
  readonly lostReplies: number
}

export type NextStep =
  | { readonly backoff: Backoff; readonly error: AuthError }
  | { readonly backoff: Backoff; readonly retryInMs: number; readonly tries: Tries }

export const noBackoff: Backoff = { delayMs: 0, retryAt: 0, wantedAt: 0, quietUntil: 0, notedAt: 0 }
export const noTries: Tries = { retries: 0, lostReplies: 0 }

const retriesPerFlight = 2
const firstDelayMs = 500
/** The longest backoff of our own, and the longest `Retry-After` that counts. */
const longestDelayMs = 300_000
/** A user waits for at most twice as long, beyond what the server asked for: about as long as a request is held. */
const wantedDelayMs = 5000

/**
 * The instant before which the endpoint is left alone. A clock that shows less than when that was noted was set back.
 *
 * @param isWanted by a request in a page that its user looks at
 */
export const notBefore = (
  { retryAt, wantedAt, quietUntil, notedAt }: Backoff,
  now: number,
  isWanted = false,
): number => (now < notedAt ? 0 : Math.max(isWanted ? wantedAt : retryAt, quietUntil))

/** The server asked for quiet until then. */
export function quietUntil(backoff: Backoff, until: number, now: number): Backoff {
  const isSetBack = now < backoff.notedAt
  return {
    ...backoff,
    retryAt: isSetBack ? 0 : backoff.retryAt,
    wantedAt: isSetBack ? 0 : backoff.wantedAt,
    quietUntil: Math.max(isSetBack ? 0 : backoff.quietUntil, Math.min(until, now + 2 * longestDelayMs)),
    notedAt: now,
  }
}

/** What failed is past: the next refresh may come at once, unless the server asked for quiet. */
export const recovered = ({ quietUntil, notedAt }: Backoff): Backoff => ({
  ...noBackoff,
  quietUntil,
  notedAt,
})

/**
 * After a failed flight. A server that comes back meets all clients that failed meanwhile, so they are spread: over twice
 * as long with each failure, and at the longest delay each client has an instant of its own and keeps to it, which makes
 * the load as even as it can be. (With a new random delay each time it would be twice as high at first, and take longer;
 * see bench/fleet.md.)
 *
 * Few of them have a user who waits at that moment. Those come back sooner: the server can take these few at once.
 *
 * @param random uniform in [0, 1)
 */
export function afterFailure(
  backoff: Backoff,
  error: AuthError,
  retryAfterMs: number,
  now: number,
  random: number,
): Backoff {
  const quietMs = Math.min(retryAfterMs, longestDelayMs)
  const isSpread = backoff.delayMs === longestDelayMs
  const delayMs = Math.min(longestDelayMs, Math.max(2 * firstDelayMs, 2 * backoff.delayMs, quietMs))
  // All clients were given the same `Retry-After`, often the same instant.
  const retryAt = now + (isSpread ? delayMs : quietMs + random * delayMs)
  return {
    error,
    delayMs,
    retryAt,
    // A set-up that is wrong is not right in a moment.
    wantedAt: error.retryable ? Math.min(retryAt, now + quietMs + (1 + random) * wantedDelayMs) : retryAt,
    quietUntil: Math.max(now < backoff.notedAt ? 0 : backoff.quietUntil, now + quietMs),
    notedAt: now,
  }
}

/**
 * Whether a flight whose call failed tries again, and when.
 *
 * A request whose reply was lost may have spent the refresh token: it is sent once more at once, since a server with a
 * grace window forgives that (RFC 9700 section 4.14.2); a series of them would look like theft.
 *
 * @param random uniform in [0, 1)
 * @param patienceMs how long callers wait
 */
export function nextStep(
  outcome: Extract<RefreshOutcome, { error: AuthError }>,
  { retries, lostReplies }: Tries,
  backoff: Backoff,
  now: number,
  random: number,
  patienceMs: number,
): NextStep {
  const { error } = outcome
  const retryAfterMs = (outcome.kind === 'retry' && outcome.retryAfterMs) || 0
  if (outcome.kind === 'retry') {
    const later = retryAfterMs > 0 ? quietUntil(backoff, now + retryAfterMs, now) : backoff
    if (outcome.isUnknown) {
      if (lostReplies === 0) {
        return { backoff: later, retryInMs: 0, tries: { retries, lostReplies: 1 } }
      }
    } else if (
      !outcome.isSpent &&
      backoff.delayMs === 0 &&
      retries < retriesPerFlight &&
      retryAfterMs <= patienceMs / 2
    ) {
      const retryInMs = random * firstDelayMs * 2 ** (retries + 1)
      return { backoff: later, retryInMs, tries: { retries: retries + 1, lostReplies } }
    }
  }
  return { backoff: afterFailure(backoff, error, retryAfterMs, now, random), error }
}

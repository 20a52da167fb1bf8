import type { Environment } from './environment.js'
import type { AuthError } from './errors.js'

const firstDelayMs = 500
const longestDelayMs = 60_000
/** No `Retry-After` is heeded for longer. */
const longestRestMs = 300_000

/** The rest that an auth server in trouble is given, by all callers together. */
export interface CoolDown {
  /** The failure that was the last word, if it was one. */
  readonly trouble: AuthError | undefined
  /** The instant before which the endpoint is left alone. */
  notBefore(): number
  /** Full jitter: any delay up to twice as long as the last, so that clients who failed together return apart. */
  delayMs(failures: number): number
  /** Notes a failure and hands it back. */
  fail(error: AuthError): AuthError
  /** Notes a failure that the server had no part in: it needs no rest. */
  failWithoutRest(error: AuthError): AuthError
  /** The server asked to be left alone until then; hands back until when it is. */
  restUntil(until: number): number
  /** What failed is past, and the next refresh may come at once. */
  forget(): void
}

export function createCoolDown({ clock, random }: Pick<Environment, 'clock' | 'random'>): CoolDown {
  let trouble: AuthError | undefined
  let failures = 0
  let nextAt = 0
  let restsUntil = 0

  const delayMs = (count: number): number => random() * Math.min(longestDelayMs, firstDelayMs * 2 ** count)

  return {
    get trouble() {
      return trouble
    },
    delayMs,
    notBefore() {
      const until = Math.max(nextAt, restsUntil)
      // Longer than the longest rest: it was measured by a clock that has been set back.
      return until - clock.now() > longestRestMs ? 0 : until
    },
    fail(error) {
      trouble = error
      nextAt = clock.now() + delayMs(++failures)
      return error
    },
    failWithoutRest(error) {
      trouble = error
      return error
    },
    restUntil(until) {
      restsUntil = Math.max(restsUntil, Math.min(until, clock.now() + longestRestMs))
      return restsUntil
    },
    forget() {
      trouble = undefined
      failures = nextAt = 0
    },
  }
}

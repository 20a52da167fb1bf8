import { afterAwake } from './clock.js'
import type { Environment } from './environment.js'
import { AuthError } from './errors.js'
import type { Caller } from './request-gate.js'
import type { TokenVault } from './token-vault.js'
import type { StoredTokens, TokenSet } from './tokens.js'
import { waitFor } from './wait.js'

/** What one call of the refresh endpoint came to. */
export type Renewal =
  | { kind: 'renewed'; tokens: TokenSet }
  /** The refresh token is dead: the one outcome that ends a session. */
  | { kind: 'ended'; error: AuthError }
  /** The access token has not expired by the server's clock. */
  | { kind: 'not-due' }
  /** `isUnknown`: no reply came, so the refresh token may have been spent. */
  | { kind: 'retry'; error: AuthError; retryAfterMs?: number | undefined; isUnknown?: boolean }
  | { kind: 'misconfigured'; error: AuthError }

/** Calls the refresh endpoint once. Never rejects. */
export type Renew = (tokens: StoredTokens, signal: AbortSignal) => Promise<Renewal>

export interface RefreshCoordinator {
  /** Whether a refresh is under way. */
  readonly isRefreshing: boolean
  /** Whether a failure was the last word, and nobody has asked again since. */
  readonly hasFailed: boolean
  /** The instant before which the endpoint is left alone. */
  notBefore(): number
  /** Joins the refresh that is under way, or starts one; resolves with the tokens that are in hand then. */
  refresh(caller?: Caller): Promise<StoredTokens>
  /** The endpoint is left alone until then, but for 5 min at most. */
  coolDown(until: number): void
  /** The network is back: what failed for want of it may be tried at once. */
  retryNow(): void
  /** Lets all who wait go with `error`. A reply that comes later meets another generation, and is dropped. */
  abandon(error: AuthError): void
}

export type RefreshNews =
  | { type: 'refresh-started' }
  | { type: 'refresh-succeeded' }
  | { type: 'refresh-failed'; error: AuthError }
  | { type: 'refresh-not-due' }

interface Flight {
  promise: Promise<StoredTokens>
  /** Why a caller who gives up now has nothing. */
  verdict: AuthError
  abort(error: AuthError): void
}

const retriesPerFlight = 2
const firstDelayMs = 500
const longestCoolDownMs = 60_000
const longestRetryAfterMs = 300_000

export function createRefreshCoordinator({
  vault,
  renew,
  refreshTimeoutMs,
  environment: { clock, random, lock, channel, page },
  onNews,
}: {
  vault: TokenVault
  renew: Renew
  refreshTimeoutMs: number
  environment: Environment
  /** Called when the waiters are settled and the lock is free. */
  onNews: (news: RefreshNews) => void
}): RefreshCoordinator {
  let flight: Flight | undefined
  /** The failure that was the last word, how many came in a row, and until when the endpoint is left alone. */
  let trouble: { error: AuthError; failures: number; until: number } | undefined
  let quietUntil = 0

  /** Full jitter: any delay up to twice as long as the last, so that clients who failed together return apart. */
  const jitter = (failures: number): number =>
    random() * Math.min(longestCoolDownMs, firstDelayMs * 2 ** failures)

  /** What looks longer than the longest rest was measured by a clock that has been set back. */
  function notBefore(): number {
    const until = Math.max(trouble?.until ?? 0, quietUntil)
    return until - clock.now() > longestRetryAfterMs ? 0 : until
  }
  const waitLeft = (): number => notBefore() - clock.now()

  function fail(error: AuthError): AuthError {
    const failures = (trouble?.failures ?? 0) + 1
    trouble = { error, failures, until: clock.now() + jitter(failures) }
    return error
  }

  /** No attempt was made, so the server needs no rest: the next one may come with the network. */
  function offline(): AuthError {
    const error = new AuthError('REFRESH_FAILED', 'There is no network')
    trouble = { error, failures: 0, until: 0 }
    return error
  }

  function coolDown(until: number): void {
    quietUntil = Math.max(quietUntil, Math.min(until, clock.now() + longestRetryAfterMs))
  }

  function pause(ms: number, signal: AbortSignal): Promise<void> {
    if (ms <= 0) return Promise.resolve()
    let cancel: (() => void) | undefined
    const over = new Promise<void>((resolve) => {
      cancel = clock.after(ms, resolve)
    })
    return waitFor(over, { clock, signal }).finally(cancel)
  }

  /** One turn inside the lock: look first whether another tab has done the work, or was asked for quiet. */
  async function turn(
    current: Flight,
    before: StoredTokens | null,
    signal: AbortSignal,
  ): Promise<Renewal | undefined> {
    await vault.reread()
    const from = vault.tokens
    if (!from || from !== before || waitLeft() > 0 || signal.aborted) return undefined
    current.verdict = new AuthError('REFRESH_TIMEOUT', 'The refresh endpoint gave no answer in time')
    const sentAt = clock.now()
    const renewal = await renew(from, signal)
    if (renewal.kind === 'renewed') await vault.renew(from, renewal.tokens, sentAt)
    if (renewal.kind === 'ended') await vault.end(from)
    if (renewal.kind === 'not-due') vault.forgetExpiry(from)
    return renewal
  }

  async function fly(from: StoredTokens, current: Flight, signal: AbortSignal): Promise<StoredTokens> {
    let retries = 0
    let lostReplies = 0
    for (;;) {
      await pause(waitLeft(), signal)
      if (!page.isOnline()) throw offline()
      const before = vault.tokens
      // The lock is let go at the signal, even if the endpoint does not heed it.
      const renewal = await lock(signal, () => waitFor(turn(current, before, signal), { clock, signal }))
      const tokens = vault.tokens
      if (tokens?.session !== from.session) {
        throw renewal?.kind === 'ended' && !tokens ? renewal.error : sessionChanged()
      }
      if (tokens.generation > from.generation || renewal?.kind === 'not-due') return tokens
      if (signal.aborted) throw signal.reason
      if (renewal === undefined) continue
      if (renewal.kind !== 'retry') throw fail('error' in renewal ? renewal.error : sessionChanged())
      current.verdict = renewal.error
      const { error, retryAfterMs = 0, isUnknown } = renewal
      if (retryAfterMs > 0) {
        coolDown(clock.now() + retryAfterMs)
        channel.post({ type: 'cool-down', until: quietUntil })
      }
      // A request whose reply was lost may have spent the token: once more at once, for a server with a grace window
      // forgives that (RFC 9700 section 4.14.2); a series of them would look like theft.
      const mayRetry = isUnknown
        ? lostReplies++ === 0
        : retries++ < retriesPerFlight && retryAfterMs <= refreshTimeoutMs / 2
      if (!mayRetry) throw fail(error)
      if (!isUnknown) await pause(jitter(retries), signal)
    }
  }

  function start(from: StoredTokens): Flight {
    const controller = new AbortController()
    const { signal } = controller
    const current: Flight = {
      promise: Promise.resolve(from),
      verdict: trouble?.error ?? new AuthError('LOCK_TIMEOUT', 'Another tab kept the refresh lock'),
      abort: (error) => controller.abort(error),
    }
    // A reply that comes after the callers have gone is still worth having.
    const land = afterAwake(clock, 2 * refreshTimeoutMs, () => current.abort(fail(current.verdict)))
    const finish = (news: RefreshNews): void => {
      land()
      if (flight === current) flight = undefined
      onNews(news)
    }
    current.promise = waitFor(fly(from, current, signal), { clock, signal })
    current.promise.then(
      ({ generation }) => {
        trouble = undefined
        finish({ type: generation > from.generation ? 'refresh-succeeded' : 'refresh-not-due' })
      },
      (error) => finish({ type: 'refresh-failed', error }),
    )
    return current
  }

  return {
    get isRefreshing() {
      return flight !== undefined
    },
    get hasFailed() {
      return trouble !== undefined
    },
    notBefore,
    refresh(caller) {
      if (caller?.signal?.aborted) return Promise.reject(caller.signal.reason)
      const from = vault.tokens
      if (!from) return Promise.reject(new AuthError('SESSION_EXPIRED', 'Nobody is signed in'))
      if (!flight) {
        const leftMs = waitLeft()
        const error = trouble?.error ?? new AuthError('REFRESH_FAILED', 'The auth server asked for quiet')
        if (leftMs > (error.retryable ? refreshTimeoutMs : 0)) return Promise.reject(error)
        flight = start(from)
        onNews({ type: 'refresh-started' })
      }
      const joined = flight
      return waitFor(joined.promise, {
        clock,
        signal: caller?.signal,
        ms: refreshTimeoutMs,
        onTimeout: () => joined.verdict,
      })
    },
    coolDown,
    retryNow() {
      trouble = undefined
    },
    abandon(error) {
      trouble = undefined
      flight?.abort(error)
      flight = undefined
    },
  }
}

export const sessionChanged = (): AuthError =>
  new AuthError('SESSION_CHANGED', 'The user signed out, or another one signed in, while the call waited')

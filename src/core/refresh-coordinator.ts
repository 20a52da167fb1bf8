import { afterAwake } from './clock.js'
import type { CoolDown } from './cool-down.js'
import type { Environment } from './environment.js'
import { AuthError } from './errors.js'
import type { Caller } from './request-gate.js'
import type { TokenVault } from './token-vault.js'
import type { StoredTokens, TokenSet } from './tokens.js'
import { pause, waitFor } from './wait.js'

/** What one call of the refresh endpoint came to. */
export type Renewal =
  | { kind: 'renewed'; tokens: TokenSet }
  /** The refresh token is dead: the one outcome that ends a session. */
  | { kind: 'ended'; error: AuthError }
  /** The access token has not expired by the server's clock. */
  | { kind: 'not-due' }
  /**
   * Trouble that passes. `isUnknown`: no reply came, so the refresh token may have been spent; `isSpent`: the server said
   * yes, though nothing usable came of it.
   */
  | {
      kind: 'retry'
      error: AuthError
      retryAfterMs?: number | undefined
      isUnknown?: boolean
      isSpent?: boolean
    }
  | { kind: 'misconfigured'; error: AuthError }

/** Calls the refresh endpoint once. Never rejects. */
export type Renew = (tokens: StoredTokens, signal: AbortSignal) => Promise<Renewal>

export interface RefreshCoordinator {
  /** Whether a refresh is under way. */
  readonly isRefreshing: boolean
  /** Joins the refresh that is under way, or starts one; resolves with the tokens that are in hand then. */
  refresh(caller?: Caller): Promise<StoredTokens>
  /** Lets all who wait go with `error`. A reply that comes later meets another generation, and is dropped. */
  abandon(error: AuthError): void
  /** Abandons, and lets nobody start again. */
  close(error: AuthError): void
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
/** Longer than a store may take, and well below the time after which other tabs count a holder of the lock as gone. */
const longestLookMs = 5000
/** A page that is closed has gone by then; one that comes back from the back-forward cache has time. */
const dyingMs = 1000

export function createRefreshCoordinator({
  vault,
  renew,
  refreshTimeoutMs,
  coolDown,
  environment: { clock, lock, channel, page },
  onNews,
}: {
  vault: TokenVault
  renew: Renew
  refreshTimeoutMs: number
  coolDown: CoolDown
  environment: Environment
  /** Called when the waiters are settled and the lock is free. */
  onNews: (news: RefreshNews) => void
}): RefreshCoordinator {
  let flight: Flight | undefined
  let closed: AuthError | undefined

  const waitLeft = (): number => coolDown.notBefore() - clock.now()

  const rest = async (ms: number, signal: AbortSignal): Promise<void> => {
    if (ms > 0) await pause(ms, { clock, signal })
  }

  /** One turn inside the lock: look first whether another tab has done the work, or was asked for quiet. */
  async function turn(
    current: Flight,
    before: StoredTokens | null,
    signal: AbortSignal,
  ): Promise<Renewal | undefined> {
    const lookedAt = clock.now()
    await vault.reread()
    const from = vault.tokens
    // A page that was stopped in here may have been robbed of the lock: it begins again, in its turn.
    const hasSlept = clock.now() - lookedAt > longestLookMs
    if (!from || from !== before || hasSlept || waitLeft() > 0 || signal.aborted) return undefined
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
      await rest(waitLeft(), signal)
      if (!page.isOnline()) throw coolDown.failWithoutRest(offline())
      const before = vault.tokens
      let isLeft = false
      const stopListening = page.listen((what) => {
        isLeft ||= what === 'leave'
      })
      // The lock is let go at the signal, even if the endpoint does not heed it.
      const work = lock(signal, () => waitFor(turn(current, before, signal), { clock, signal }))
      const renewal = await work.finally(stopListening)
      const tokens = vault.tokens
      if (tokens?.session !== from.session) {
        throw renewal?.kind === 'ended' && !tokens ? renewal.error : sessionChanged()
      }
      if (tokens.generation > from.generation || renewal?.kind === 'not-due') return tokens
      if (signal.aborted) throw signal.reason
      if (renewal === undefined) continue
      if (renewal.kind !== 'retry') throw coolDown.fail('error' in renewal ? renewal.error : sessionChanged())
      current.verdict = renewal.error
      const { error, retryAfterMs = 0, isUnknown, isSpent } = renewal
      // A request whose reply was lost may have spent the token: once more at once, for a server with a grace window
      // forgives that (RFC 9700 section 4.14.2); a series of them would look like theft.
      const mayRetry = isUnknown
        ? lostReplies++ === 0
        : !isSpent &&
          !coolDown.isProbing &&
          retries++ < retriesPerFlight &&
          retryAfterMs <= refreshTimeoutMs / 2
      if (!mayRetry) coolDown.fail(error, retryAfterMs)
      else coolDown.restUntil(clock.now() + retryAfterMs)
      if (retryAfterMs > 0) channel.post({ type: 'cool-down', until: coolDown.notBefore() })
      if (!mayRetry) throw error
      if (!isUnknown) await rest(coolDown.delayMs(retries), signal)
      // What a closing page sends now would spend the token, and nobody hear the answer.
      else if (isLeft) await rest(dyingMs, signal)
    }
  }

  function start(from: StoredTokens): Flight {
    const controller = new AbortController()
    const { signal } = controller
    const current: Flight = {
      promise: Promise.resolve(from),
      verdict: coolDown.trouble ?? new AuthError('LOCK_TIMEOUT', 'Another tab kept the refresh lock'),
      abort(error) {
        // The controller of React Native drops the reason.
        if (!signal.aborted) Object.defineProperty(signal, 'reason', { value: error })
        controller.abort(error)
      },
    }
    // A reply that comes after the callers have gone is still worth having.
    const land = afterAwake(clock, 2 * refreshTimeoutMs, () => current.abort(coolDown.fail(current.verdict)))
    const finish = (news: RefreshNews): void => {
      land()
      if (flight === current) flight = undefined
      onNews(news)
    }
    current.promise = waitFor(fly(from, current, signal), { clock, signal })
    current.promise.then(
      ({ generation }) => {
        coolDown.forget()
        finish({ type: generation > from.generation ? 'refresh-succeeded' : 'refresh-not-due' })
      },
      (error) => finish({ type: 'refresh-failed', error }),
    )
    return current
  }

  function abandon(error: AuthError): void {
    coolDown.forget()
    flight?.abort(error)
    flight = undefined
  }

  return {
    get isRefreshing() {
      return flight !== undefined
    },
    refresh(caller) {
      if (closed) return Promise.reject(closed)
      if (caller?.signal?.aborted) return Promise.reject(caller.signal.reason)
      const from = vault.tokens
      if (!from) return Promise.reject(sessionExpired())
      let joined = flight
      if (!joined) {
        if (!page.isOnline()) {
          const isNews = !coolDown.trouble
          const error = coolDown.failWithoutRest(offline())
          if (isNews) onNews({ type: 'refresh-failed', error })
          return Promise.reject(error)
        }
        const leftMs = waitLeft()
        const error = coolDown.trouble ?? new AuthError('REFRESH_FAILED', 'The auth server asked for quiet')
        if (leftMs > (error.retryable ? refreshTimeoutMs : 0)) return Promise.reject(error)
        flight = joined = start(from)
        onNews({ type: 'refresh-started' })
      }
      const waited = joined
      return waitFor(waited.promise, {
        clock,
        signal: caller?.signal,
        ms: refreshTimeoutMs,
        onTimeout: () => waited.verdict,
      })
    },
    abandon,
    close(error) {
      closed = error
      abandon(error)
    },
  }
}

const offline = (): AuthError => new AuthError('REFRESH_FAILED', 'There is no network')

export const sessionExpired = (): AuthError =>
  new AuthError('SESSION_EXPIRED', 'Nobody is signed in, or no longer')

export const sessionChanged = (): AuthError =>
  new AuthError('SESSION_CHANGED', 'The user signed out, or another one signed in, while the call waited')

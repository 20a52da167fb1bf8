import { isDevelopment } from '../development/is-development.js'
import { afterAwake, pause, waitFor } from './clock.js'
import type { Environment } from './environment.js'
import { type AuthError, authError } from './errors.js'
import { type EventBody, warning } from './events.js'
import type { HandOver } from './hand-over.js'
import { ownFields } from './own-fields.js'
import { type CallRefresh, noTokens, type RefreshOutcome } from './refresh-outcome.js'
import {
  afterFailure,
  nextStep,
  noBackoff,
  noTries,
  notBefore,
  quietUntil,
  recovered,
} from './retry-policy.js'
import { type Flight, goneIn, type SessionPhase } from './session-phase.js'
import type { SessionRecord } from './session-record.js'
import type { StoredTokens } from './tokens.js'

/** Single flight: at most one refresh at a time, in this page and, by the lock, in the browser. */
export interface RefreshCoordinator {
  /**
   * Joins the refresh that is under way, or starts one; resolves with the tokens that are in hand then.
   *
   * @param isRefused the server has refused the access token in hand
   */
  refresh(signal?: AbortSignal, isRefused?: boolean): Promise<StoredTokens>
  /** Asks a cookie for a session. Never rejects: that nobody is signed in is no error, and anything else a warning. */
  startFromCookie(): Promise<void>
  /** The instant before which the endpoint is left alone. */
  retryAt(): number
  /** Why the last refresh failed, if it did. */
  readonly failure: AuthError | undefined
  /** Another tab was asked for quiet. */
  quietUntil(until: number): void
  /** What failed is past. */
  recover(): void
}

/** How far a flight has come. */
interface Progress {
  /** Why a caller whose time is up has no tokens. */
  blockedBy: AuthError
  /** Whether a call is under way that spends the refresh token. */
  isSent: boolean
  /** Whether it brought tokens. To store them has limits of its own: until then nobody else may have the lock. */
  isAnswered: boolean
  /** Whether its page was looked at when it began: what asks for it before `retryAt` is a request of that user. */
  readonly isWanted: boolean
}

/** What a flight came to, beside its tokens: whether this tab refreshed, another one did, or the server saw no need. */
interface Landing {
  record: StoredTokens
  event: EventBody
}

/** Longer than a store may take, and well below the time after which other tabs count a holder of the lock as gone. */
const longestReadMs = 5000
/** A page that is closed is gone by then; one that comes back from the back-forward cache has time. */
const leavingMs = 1000

export function createRefreshCoordinator({
  phase,
  record,
  callRefresh,
  handOver,
  refreshTimeoutMs,
  environment: { clock, random, lock, channel, lifecycle },
}: {
  phase: SessionPhase<unknown>
  record: SessionRecord
  callRefresh: CallRefresh
  handOver?: HandOver | undefined
  /** The longest that a caller waits, for the lock and the refresh together. */
  refreshTimeoutMs: number
  environment: Environment
}): RefreshCoordinator {
  let backoff = noBackoff

  const retryAt = (isWanted?: boolean): number => notBefore(backoff, clock.now(), isWanted)
  /** Who asks while a user looks on need not wait as long as the rest. */
  const retryInMs = (isWanted: boolean): number => retryAt(isWanted) - clock.now()

  /** Without a backoff: the server has no part in it. */
  function offline(): AuthError {
    const error = authError('REFRESH_FAILED', 'offline')
    backoff = { ...backoff, error }
    return error
  }

  function start(from: StoredTokens | null, isRefused: boolean): Flight {
    const waiters = new AbortController()
    const call = new AbortController()
    const { signal } = call
    function abort(reason: AuthError): void {
      // What was sent after all has spent the token: `dispose` lets the callers go, not the tokens.
      const aborted = reason.code === 'DISPOSED' && progress.isSent ? [waiters] : [waiters, call]
      for (const each of aborted) {
        // The controller of React Native drops the reason.
        if (!each.signal.aborted) Object.defineProperty(each.signal, 'reason', { value: reason })
        each.abort(reason)
      }
    }
    const progress = {
      blockedBy: backoff.error ?? authError('LOCK_TIMEOUT'),
      isSent: false,
      isAnswered: false,
      isWanted: lifecycle.isVisible(),
    }
    // A reply that comes after the callers have gone is still stored.
    const limitMs = from ? 2 * refreshTimeoutMs : refreshTimeoutMs
    const cancelDeadline = afterAwake(clock, limitMs, () => {
      if (progress.isAnswered) return
      backoff = afterFailure(backoff, progress.blockedBy, 0, clock.now(), random())
      abort(progress.blockedBy)
    })
    const ended = waitFor(fly(from, progress, signal), { clock, signal }).finally(cancelDeadline)
    const landed = waitFor(ended, { clock, signal: waiters.signal })
    const flight: Flight = {
      done: landed.then((landing) => landing.record),
      ended: ended.catch(() => {}),
      get blockedBy() {
        return progress.blockedBy
      },
      abort,
    }
    phase.transition(
      { status: 'refreshing', record: from, flight, isRefused },
      ...(from ? [{ type: 'refresh-started' } as const] : []),
    )
    landed.then(
      ({ record, event }) => {
        backoff = recovered(backoff)
        if (phase.flight === flight) phase.transition({ status: 'signed-in', record }, event)
      },
      (error: AuthError) => landFailed(from, flight, error),
    )
    return flight
  }

  function landFailed(from: StoredTokens | null, flight: Flight, error: AuthError): void {
    const { code, retryable, status } = error
    const failed: EventBody = { type: 'refresh-failed', code, retryable, ...(status && { status }) }
    const isEnd = code === 'SESSION_EXPIRED'
    if (phase.flight !== flight) {
      // A sign-in, a sign-out or the end came first.
      if (from) phase.emit(failed)
    } else if (!from) {
      const events = isEnd ? [] : [warning('SILENT_START_FAILED', error.message)]
      phase.transition({ status: 'signed-out', reason: 'none' }, ...events)
    } else if (isEnd) {
      phase.transition({ status: 'signed-out', reason: 'expired' }, failed, { type: 'expired' })
    } else {
      phase.transition({ status: 'signed-in', record: phase.record ?? from }, failed)
    }
  }

  /** Inside the lock. Reads the store first: another tab may have refreshed; `undefined` says so, or that it was too late. */
  async function attempt(
    from: StoredTokens | null,
    progress: Progress,
    signal: AbortSignal,
  ): Promise<RefreshOutcome | undefined> {
    const readAt = clock.now()
    await record.reread()
    // A page that was stopped in here may have been robbed of the lock: it queues again.
    const hasSlept = clock.now() - readAt > longestReadMs
    if (phase.record !== from || hasSlept || retryInMs(progress.isWanted) > 0 || signal.aborted)
      return undefined
    if (from && record.isSpent(from)) {
      return { kind: 'retry', error: authError('REFRESH_FAILED', 'spent'), isSpent: true }
    }
    progress.blockedBy = authError('REFRESH_TIMEOUT')
    const sentAt = clock.now()
    progress.isSent = from !== null
    const outcome = ownFields(await callRefresh(from ?? noTokens, signal))
    progress.isAnswered = outcome.kind === 'refreshed'
    // Without a record there is no generation to compare, and after `dispose` no phase.
    if (signal.aborted && (!from || phase.current.status === 'disposed')) return undefined
    if (outcome.kind === 'refreshed' && !(await record.commit(from, outcome.tokens, sentAt))) return undefined
    if (outcome.kind === 'ended' && from && !(await record.end(from))) return undefined
    if (outcome.kind === 'not-due' && from) record.forgetExpiry(from)
    return outcome
  }

  async function fly(from: StoredTokens | null, progress: Progress, signal: AbortSignal): Promise<Landing> {
    for (let tries = noTries; ; ) {
      if (retryInMs(progress.isWanted) > 0) await pause(retryInMs(progress.isWanted), { clock, signal })
      if (!lifecycle.isOnline()) throw offline()
      // Whoever it is handed over to takes the lock, so this page does not have it meanwhile.
      const failed = from && (await handOver?.(from, { clock, signal }))
      let isLeaving = false
      const stopListening = lifecycle.listen((event) => {
        isLeaving ||= event === 'leave'
      })
      // The lock is released at the signal, even if the endpoint does not honour it.
      const outcome = await Promise.resolve(
        failed || lock(signal, () => waitFor(attempt(from, progress, signal), { clock, signal })),
      ).finally(stopListening)
      progress.isSent = false
      if (isDevelopment && outcome?.hint) phase.emit(outcome.hint)
      const inHand = phase.record
      if (outcome?.kind === 'ended') throw outcome.error
      if (inHand?.session !== from?.session) throw goneIn(phase.current)
      if (inHand && inHand.generation > (from as StoredTokens).generation) {
        const type = outcome?.kind === 'refreshed' ? 'refresh-succeeded' : 'adopted'
        return { record: inHand, event: { type } }
      }
      if (outcome?.kind === 'not-due') {
        if (!inHand) throw authError('SESSION_EXPIRED')
        return { record: inHand, event: warning('REFRESH_NOT_DUE') }
      }
      if (signal.aborted) throw signal.reason
      if (!outcome || !('error' in outcome)) continue

      const step = nextStep(outcome, tries, backoff, clock.now(), random(), refreshTimeoutMs)
      backoff = step.backoff
      progress.blockedBy = outcome.error
      if (outcome.kind === 'retry' && outcome.retryAfterMs) {
        channel.post({ type: 'quiet', until: retryAt(progress.isWanted) })
      }
      if ('error' in step) throw step.error
      tries = step.tries
      // What a page sends while it is left spends the token, and nobody reads the reply.
      const delayMs = Math.max(step.retryInMs, isLeaving && tries.lostReplies > 0 ? leavingMs : 0)
      if (delayMs > 0) await pause(delayMs, { clock, signal })
    }
  }

  const self: RefreshCoordinator = {
    retryAt,
    get failure() {
      return backoff.error
    },
    refresh(signal, isRefused = false) {
      // Many prerendered pages are never shown: until then nothing is asked for, and no limit counts.
      const shown = lifecycle.activation?.()
      const { current, record: from } = phase
      if (shown) {
        return waitFor(shown, { clock, signal }).then(() => {
          const { record } = phase
          if (record === from) return self.refresh(signal, isRefused)
          // Another tab has refreshed meanwhile, or another user has signed in.
          if (!record || record.session !== from?.session) throw goneIn(phase.current)
          return record
        })
      }
      if (current.status === 'disposed') return Promise.reject(goneIn(current))
      if (signal?.aborted) return Promise.reject(signal.reason)
      if (!from) return Promise.reject(authError('SESSION_EXPIRED'))
      let { flight } = phase
      if (current.status === 'refreshing') {
        if (isRefused) phase.transition({ ...current, isRefused })
      } else {
        if (!lifecycle.isOnline()) {
          const isNews = !backoff.error
          const error = offline()
          if (isNews) phase.emit({ type: 'refresh-failed', code: error.code, retryable: true })
          return Promise.reject(error)
        }
        const error = backoff.error ?? authError('REFRESH_FAILED', 'backoff')
        if (retryInMs(lifecycle.isVisible()) > (error.retryable ? refreshTimeoutMs : 0))
          return Promise.reject(error)
        flight = start(from, isRefused)
      }
      const { done } = flight as Flight
      return waitFor(done, {
        clock,
        signal,
        ms: refreshTimeoutMs,
        onTimeout: () => (flight as Flight).blockedBy,
      })
    },
    async startFromCookie() {
      const shown = lifecycle.activation?.()
      if (shown) await shown
      if (!phase.flight && !lifecycle.isOnline()) offline()
      else await (phase.flight ?? start(null, false)).done.catch(() => {})
    },
    quietUntil(until) {
      backoff = quietUntil(backoff, until, clock.now())
    },
    recover() {
      backoff = recovered(backoff)
    },
  }
  return self
}

import { helpful } from '../development/help-page.js'
import { isDevelopment } from '../development/is-development.js'
import type { Clock } from './clock.js'
import { createEmitter } from './emitter.js'
import { type AuthError, authError } from './errors.js'
import type { EventBody, SessionEvent } from './events.js'
import { warning } from './events.js'
import { readClaims } from './jwt.js'
import type { SessionState, SignedOutReason } from './state.js'
import type { StoredTokens } from './tokens.js'

/** The one refresh that is under way. */
export interface Flight {
  /** The tokens that it brought. */
  readonly done: Promise<StoredTokens>
  /** Why a caller whose time is up has no tokens. */
  readonly blockedBy: AuthError
  /**
   * Rejects all who wait. A reply that comes later belongs to another generation, and is dropped; after `dispose` it does
   * not, and is stored.
   */
  abort(reason: AuthError): void
  /** Resolves when nothing of it is under way any more. */
  readonly ended: Promise<unknown>
}

/**
 * The state machine of a session. `refreshing` with `record: null` asks a cookie at the start; `isRefused` says that the
 * server has refused the access token of `record`.
 */
export type Phase =
  | { readonly status: 'loading' }
  | { readonly status: 'signed-out'; readonly reason: SignedOutReason }
  | { readonly status: 'signed-in'; readonly record: StoredTokens }
  | {
      readonly status: 'refreshing'
      readonly record: StoredTokens | null
      readonly flight: Flight
      readonly isRefused: boolean
    }
  | { readonly status: 'disposed' }

export interface SessionPhase<Claims> {
  readonly current: Phase
  /** The tokens in hand. */
  readonly record: StoredTokens | null
  readonly flight: Flight | undefined
  /** What the app sees. */
  readonly state: SessionState<Claims>
  /**
   * The one place where the phase changes. A flight that the next phase does not have is aborted; then the state and the
   * events are emitted. Within a flight nothing is emitted, since it may hold the lock.
   */
  transition(next: Phase, ...events: readonly EventBody[]): void
  /** Exchanges the tokens in hand, in the phase as it is. */
  exchange(record: StoredTokens, ...events: readonly EventBody[]): void
  emit(event: EventBody): void
  /** Calls back at once and on each change; returns the removal. */
  subscribe(listener: (state: SessionState<Claims>) => void): () => void
  on(listener: (event: SessionEvent) => void): () => void
}

const flightOf = (phase: Phase): Flight | undefined =>
  phase.status === 'refreshing' ? phase.flight : undefined

const recordOf = (phase: Phase): StoredTokens | null => ('record' in phase ? phase.record : null)

/** Why what a call waited for is gone in this phase. */
export const goneIn = (phase: Phase): AuthError =>
  phase.status === 'disposed'
    ? authError('DISPOSED')
    : authError(
        phase.status === 'signed-out' && phase.reason === 'expired' ? 'SESSION_EXPIRED' : 'SESSION_CHANGED',
      )

export function createSessionPhase<Claims>(clock: Clock): SessionPhase<Claims> {
  type Emitted = { state: SessionState<Claims> } | { event: SessionEvent }
  let phase: Phase = { status: 'loading' }
  let state: SessionState<Claims> = { status: 'loading' }
  /** The record that `state` shows. */
  let shown: StoredTokens | null = null

  const emitter = createEmitter<Emitted>((_, emitted) => {
    if ('state' in emitted) emit(warning('LISTENER_THREW'))
  })
  const stamp = (event: EventBody): Emitted => ({
    event: { at: clock.now(), ...(isDevelopment ? helpful(event) : event) },
  })

  function emit(event: EventBody): void {
    if (emitter.size > 0) emitter.emit(stamp(event))
  }

  /** The same snapshot again where nothing has changed, and the same claims where the token is the same. */
  function snapshot(): SessionState<Claims> {
    if (phase.status === 'signed-out') {
      const isSame = state.status === 'signed-out' && state.reason === phase.reason
      shown = null
      return isSame ? state : Object.freeze({ status: 'signed-out', reason: phase.reason })
    }
    const record = recordOf(phase)
    if (!record) return state
    const refreshing = phase.status === 'refreshing'
    if (state.status === 'signed-in' && shown === record && state.refreshing === refreshing) return state
    const claims =
      state.status === 'signed-in' && shown?.accessToken === record.accessToken
        ? state.claims
        : (Object.freeze(readClaims(record.accessToken)) as Claims | null)
    shown = record
    return Object.freeze({ status: 'signed-in', claims, expiresAt: record.expiresAt, refreshing })
  }

  const self: SessionPhase<Claims> = {
    get current() {
      return phase
    },
    get record() {
      return recordOf(phase)
    },
    get flight() {
      return flightOf(phase)
    },
    get state() {
      return state
    },
    transition(next, ...events) {
      if (phase.status === 'disposed') return
      const flight = flightOf(phase)
      phase = next
      if (flight && flight === flightOf(next)) return
      flight?.abort(goneIn(next))
      if (next.status === 'disposed') return emitter.clear()
      const last = state
      state = snapshot()
      emitter.emit(...(state === last ? [] : [{ state }]), ...events.map(stamp))
    },
    exchange(record, ...events) {
      self.transition(
        phase.status === 'refreshing' ? { ...phase, record } : { status: 'signed-in', record },
        ...events,
      )
    },
    emit,
    subscribe: (listener) =>
      emitter.add((emitted) => ('state' in emitted ? listener(emitted.state) : undefined), { state }),
    on: (listener) => emitter.add((emitted) => ('event' in emitted ? listener(emitted.event) : undefined)),
  }
  return self
}

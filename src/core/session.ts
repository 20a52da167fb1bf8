import { pause, waitFor } from './clock.js'
import { authError, isAuthError } from './errors.js'
import type { SessionEvent } from './events.js'
import { refreshDueAt } from './expiry.js'
import type { JwtClaims } from './jwt.js'
import { ownFields } from './own-fields.js'
import { createRefreshCoordinator } from './refresh-coordinator.js'
import { createRestore, type RestoreReason } from './restore.js'
import type { SessionParts } from './session-parts.js'
import { createSessionPhase, goneIn } from './session-phase.js'
import { createSessionRecord } from './session-record.js'
import type { SignInBody, SignInOptions, SignInReply } from './sign-in.js'
import { createSignOutCall } from './sign-out-call.js'
import type { SessionState } from './state.js'
import type { TokenSource } from './token-source.js'
import { createFailsafeStore } from './token-store.js'
import { checkTokens, type StoredTokens, shownToken, type TokenSet } from './tokens.js'

/** One user's session, from sign-in to sign-out. Also a Svelte store. */
export interface Session<Claims = JwtClaims> {
  readonly state: SessionState<Claims>
  /** Resolves when the store has been read once. Never rejects. */
  readonly ready: Promise<void>
  /** Calls back at once and on each change; returns the removal. */
  subscribe(listener: (state: SessionState<Claims>) => void): () => void
  /** Calls back with each event, for logs and telemetry; returns the removal. */
  on(listener: (event: SessionEvent) => void): () => void
  /**
   * The user signed in. Takes the tokens, or the reply to the sign-in call or its body, read as those of the refresh endpoint.
   * Takes effect at once (a reply of fetch: when its body is there); resolves when it is stored (or when the store has
   * failed, which an event says). Rejects with `INVALID_TOKENS`, and then nothing has changed.
   */
  setTokens(tokens: TokenSet | SignInReply | SignInBody, options?: SignInOptions): Promise<void>
  /**
   * A token that is good for `minValidityMs` more (default 0), for what is no request: a WebSocket, an upload, a map.
   * Resolves with `null` when nobody is signed in, and where the token is in a cookie that no script sees. Rejects with an
   * `AuthError`, or with the signal's reason.
   */
  getAccessToken(options?: { signal?: AbortSignal; minValidityMs?: number }): Promise<string | null>
  /**
   * Refreshes now, or joins the refresh that is under way; resolves with the access token, which is empty where it is in a
   * cookie that no script sees.
   */
  refresh(options?: { signal?: AbortSignal }): Promise<string>
  /** Local first: takes effect at once, works offline, and reaches the other tabs. */
  signOut(): Promise<void>
  /**
   * Removes every listener, timer and channel, and lets all callers go. The tokens stay in the store; a refresh call that was
   * sent comes back into it, and what serves that goes then.
   */
  dispose(): void
}

/** How long the store of another tab may take to show what was done there. */
const settlingMs = 500

export function assembleSession<Claims = JwtClaims>(
  parts: SessionParts,
): {
  session: Session<Claims>
  source: TokenSource
} {
  const own = ownFields(parts)
  const { store, readSignIn, silentStart, canRefresh, timing, environment } = own
  const { clock, channel, lifecycle } = environment
  const over = new AbortController()
  const { signal } = over
  /** Later than `over` where a call has been sent whose reply is still to be stored. */
  const closed = new AbortController()
  const phase = createSessionPhase<Claims>(clock)
  const failsafeStore = createFailsafeStore(store, clock, closed.signal, phase.emit)
  const record = createSessionRecord(phase, failsafeStore, environment)
  const coordinator = createRefreshCoordinator({ ...own, phase, record })
  const start = typeof silentStart === 'object' ? silentStart : undefined

  const tellServer = createSignOutCall(own.signOut, phase.emit)
  const restore = createRestore({ phase, record, coordinator, silentStart, tellServer })

  /** A reading of the store that requests wait for. */
  let reading: Promise<void> | undefined
  /** Counts sign-ins and sign-outs: of two that overlap, the later one counts. */
  let turns = 0
  /** When to refresh the tokens that were in hand last. Kept, since every request asks. */
  let due: { record: StoredTokens; at: number } | undefined

  function dueAt(record: StoredTokens): number {
    if (due?.record !== record) due = { record, at: refreshDueAt(record, timing, own.refreshAheadMs) }
    return due.at
  }

  /** Requests wait for this, so that a tab that slept does not act on what it remembers. */
  function reread(why?: RestoreReason): Promise<void> {
    const latest = restore(why).finally(() => {
      if (reading === latest) reading = undefined
    })
    reading = latest
    return latest
  }

  const isExpired = ({ expiresAt }: StoredTokens): boolean => expiresAt !== null && clock.now() >= expiresAt

  const isRefused = (): boolean => phase.current.status === 'refreshing' && phase.current.isRefused

  function refreshInBackground(): void {
    coordinator.refresh().catch(() => {}) // emitted as an event
  }

  /** Whether the tokens in hand are of no use. Shortly before that, a refresh starts in the background. */
  function needsRefresh(): boolean {
    const { record: tokens } = phase
    if (!tokens || isRefused()) return isRefused()
    const now = clock.now()
    if (now < dueAt(tokens) || !canRefresh(tokens)) return false
    if (isExpired(tokens)) return true
    if (!phase.flight && coordinator.retryAt() <= now && lifecycle.isOnline()) refreshInBackground()
    return false
  }

  async function afterReading(signal?: AbortSignal): Promise<void> {
    if (reading) await waitFor(reading, { clock, signal })
    if (phase.current.status === 'disposed') throw goneIn(phase.current)
  }

  /** Where the same user has signed in anew meanwhile, those tokens serve as well. */
  async function refreshed(
    from: StoredTokens,
    signal: AbortSignal | undefined,
    isRefused?: boolean,
  ): Promise<StoredTokens> {
    try {
      return await coordinator.refresh(signal, isRefused)
    } catch (error) {
      const { record: tokens } = phase
      if (!tokens || tokens.session === from.session || !record.isOf(from.session)) throw error
      return tokens
    }
  }

  async function getTokens(
    signal?: AbortSignal,
    owner = phase.record?.session,
  ): Promise<StoredTokens | null> {
    await afterReading(signal)
    const { record: tokens } = phase
    // What was meant for one user does not go out for another.
    if (owner !== undefined && !record.isOf(owner)) throw goneIn(phase.current)
    if (!tokens || !needsRefresh()) return tokens
    try {
      return await refreshed(tokens, signal)
    } catch (error) {
      // A refused token would only be refused again, so it waits; where the refresh fails for now, it is sent all the same.
      if (isExpired(tokens) || !isAuthError(error) || phase.record?.session !== tokens.session) throw error
      return phase.record
    }
  }

  const source: TokenSource = {
    get record() {
      return phase.record
    },
    get isRefreshing() {
      return phase.flight !== undefined
    },
    // After dispose, the wait ends at once with the reason.
    mustWait: () => reading !== undefined || signal.aborted || needsRefresh(),
    lookUp: restore,
    get holdReason() {
      return reading ? 'loading' : isRefused() ? 'refused' : 'expired'
    },
    owner: () => phase.record?.session,
    isOf: record.isOf,
    gone: () => goneIn(phase.current),
    getTokens,
    async tokensAfter(refused, signal) {
      await afterReading(signal)
      const { record: tokens } = phase
      if (!tokens || !record.isOf(refused.session)) throw goneIn(phase.current)
      const isSame = tokens.session === refused.session && tokens.generation <= refused.generation
      if (!isSame) return (await getTokens(signal)) ?? tokens
      return canRefresh(tokens) ? refreshed(tokens, signal, true) : refused
    },
    adopt(tokens, from) {
      if (phase.flight) return
      try {
        record.commit(from, checkTokens(tokens), clock.now())
      } catch {
        // No tokens after all.
      }
    },
    refreshAt() {
      const { record: tokens } = phase
      return tokens && canRefresh(tokens) ? Math.max(dueAt(tokens), coordinator.retryAt()) : Infinity
    },
    clock,
    emit: phase.emit,
    signal,
  }

  /** Others' teardowns may throw: `dispose` goes on. */
  function onDispose(teardown: (() => void) | undefined, end = signal): void {
    end.addEventListener('abort', () => {
      try {
        teardown?.()
      } catch {}
    })
  }

  onDispose(
    channel.listen((message) => {
      const { type } = message
      if (type === 'quiet') coordinator.quietUntil(message.until)
      if (type === 'spent') record.noteSpent(message.session, message.generation)
      if (type === 'ended') record.noteEnded(message.session)
      if (type === 'ended' || type === 'changed') reread()
      if (type === 'signed-in' || type === 'signed-out') {
        reread(type)
        // It may be stored a moment later, by a popup that has closed and says nothing any more.
        pause(settlingMs, { clock, signal }).then(
          () => reread(),
          () => {},
        )
      }
    }),
  )
  onDispose(
    lifecycle.listen((event) => {
      if (event !== 'wake' && event !== 'online') return
      reread('back').then(() => {
        if (event !== 'online' || !coordinator.failure || phase.current.status !== 'signed-in') return
        coordinator.recover()
        refreshInBackground()
      })
    }),
  )
  onDispose(() => store.close?.(), closed.signal)
  onDispose(() => environment.close?.(), closed.signal)
  // Nobody knew until now whether there is a session, or what other tabs did meanwhile.
  failsafeStore.onAnswer(() => void reread())
  try {
    onDispose(store.subscribe?.(() => void reread()))
  } catch {
    // It says nothing of other tabs; the channel does.
  }
  const ready = reread()

  const session: Session<Claims> = {
    get state() {
      return phase.state
    },
    ready,
    subscribe: phase.subscribe,
    on: phase.on,
    async setTokens(given, options) {
      if (signal.aborted) throw goneIn(phase.current)
      const { remember = true } = ownFields(options)
      if (!remember && !store.remember) throw authError('INVALID_OPTIONS', 'remember')
      const turn = ++turns
      const found = readSignIn(given)
      const tokens = checkTokens(found instanceof Promise ? await found : found)
      if (signal.aborted) throw goneIn(phase.current)
      if (turn !== turns) throw authError('SESSION_CHANGED')
      coordinator.recover()
      // Where the record goes with the browser, a cookie that stays must not bring the user back.
      start?.allow(remember)
      store.remember?.(remember)
      await record.signIn(tokens)
    },
    async getAccessToken(options) {
      const { signal, minValidityMs = 0 } = ownFields(options)
      if (!(minValidityMs >= 0)) throw authError('INVALID_OPTIONS', 'minValidityMs')
      await afterReading(signal)
      const before = phase.record
      const tokens = await getTokens(signal)
      if (!tokens) return null
      // What a refresh has just brought is as good as it gets.
      const isShort =
        tokens === before && tokens.expiresAt !== null && tokens.expiresAt - clock.now() < minValidityMs
      const mayRefresh = isShort && timing !== 'after-expiry' && canRefresh(tokens)
      return shownToken(mayRefresh ? await coordinator.refresh(signal) : tokens) || null
    },
    async refresh(options) {
      const { signal } = ownFields(options)
      await afterReading(signal)
      if (phase.record && !canRefresh(phase.record)) throw authError('REFRESH_REFUSED', 'no refresh token')
      return shownToken(await coordinator.refresh(signal))
    },
    async signOut() {
      if (signal.aborted) throw goneIn(phase.current)
      turns++
      const { record: tokens } = phase
      coordinator.recover()
      start?.allow(false)
      const stored = record.signOut()
      if (tokens) tellServer(tokens)
      await stored
    },
    dispose() {
      if (signal.aborted) return
      const { flight } = phase
      phase.transition({ status: 'disposed' })
      over.abort(goneIn(phase.current))
      const close = (): void => closed.abort(signal.reason)
      if (flight) flight.ended.then(close)
      else close()
    },
  }
  return { session, source }
}

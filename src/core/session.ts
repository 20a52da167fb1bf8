import { attempt } from './attempt.js'
import { createCoolDown } from './cool-down.js'
import { createEmitter } from './emitter.js'
import type { TabMessage } from './environment.js'
import { AuthError } from './errors.js'
import type { SessionEvent, SessionNews } from './events.js'
import { refreshDueAt } from './expiry.js'
import type { JwtClaims } from './jwt.js'
import { ownFields } from './own-fields.js'
import {
  createRefreshCoordinator,
  type RefreshNews,
  sessionChanged,
  sessionExpired,
} from './refresh-coordinator.js'
import type { Caller, RequestGate } from './request-gate.js'
import type { Session } from './session-contract.js'
import { newsOf } from './session-news.js'
import type { SessionParts } from './session-parts.js'
import { createSnapshots, type SessionState, type SignedOutReason } from './session-state.js'
import { createSilentStart } from './silent-start.js'
import { guardStore } from './token-store.js'
import { createTokenVault, type VaultChange } from './token-vault.js'
import { checkTokens, type StoredTokens } from './tokens.js'
import { waitFor } from './wait.js'

export function assembleSession<Claims = JwtClaims>(
  parts: SessionParts,
): { session: Session<Claims>; gate: RequestGate } {
  const { store, renew, canRenew, timing, refreshAheadMs, refreshTimeoutMs, environment } = parts
  const { clock, channel, page } = environment

  type Telling = { state: SessionState<Claims> } | { event: SessionEvent }
  const listeners = createEmitter<Telling>((_, telling) => {
    if ('event' in telling) return
    tell({ type: 'warning', code: 'LISTENER_THREW', message: 'A listener of session.subscribe threw' })
  })
  let state: SessionState<Claims> = { status: 'loading' }
  let signedOutReason: SignedOutReason = 'none'
  const nextState = createSnapshots<Claims>()
  /** What happened to the tokens and is not told yet: nothing is told while a refresh holds the lock. */
  let untold: VaultChange[] = []
  /** The session that the server ended, as another tab told: when it vanishes, the user did not sign out. */
  let endedElsewhere: string | undefined
  /** A reading of the store that requests wait for. */
  let reading: Promise<void> | undefined
  /** Counts sign-ins and sign-outs: of two that overlap, the later one counts. */
  let turns = 0
  let isDisposed = false
  const teardowns: (() => void)[] = []

  const coolDown = createCoolDown(environment)
  const guarded = guardStore(store, clock, (failure) => tell({ type: 'store-failed', ...failure }))
  const vault = createTokenVault(guarded, environment, (change, before) => {
    untold.push(change)
    if (vault.tokens) silentStart.forget()
    if (vault.tokens) signedOutReason = 'none'
    else if (change === 'signed-out' || change === 'expired') signedOutReason = change
    else if (change === 'signed-out-elsewhere') {
      signedOutReason = before?.session === endedElsewhere ? 'expired' : 'signed-out'
    }
    coolDown.forget()
    if (change === 'switched' || change === 'signed-out-elsewhere') coordinator.abandon(goneError())
    if (!coordinator.isRefreshing) publish()
  })
  const coordinator = createRefreshCoordinator({
    vault,
    renew,
    refreshTimeoutMs,
    coolDown,
    environment,
    onNews: publish,
  })
  const silentStart = createSilentStart({ ...parts, vault, tell })
  /** Why the session of a call that waited is not there any more. */
  const goneError = (): AuthError => (signedOutReason === 'expired' ? sessionExpired() : sessionChanged())

  function tell(news: SessionNews): void {
    if (listeners.size > 0) listeners.emit({ event: { at: clock.now(), ...news } })
  }

  /** Brings the snapshot up to date, then tells what is untold: the state, what the refresh came to, the rest. */
  function publish(news?: RefreshNews): void {
    if (isDisposed) return
    const changes = untold
    untold = []
    const last = state
    const isKnown = vault.isLoaded && !silentStart.isDue
    state = nextState(last, isKnown, vault.tokens, signedOutReason, coordinator.isRefreshing)
    const at = clock.now()
    listeners.emit(
      ...(state === last ? [] : [{ state }]),
      ...newsOf(news, changes, signedOutReason, vault.tokens).map((each) => ({ event: { at, ...each } })),
    )
  }

  /** Requests wait for this, so that a tab that slept does not act on what it remembers. */
  function look(): Promise<void> {
    const read = vault.reread()
    const own = (silentStart.isDue ? read.then(silentStart.ask).then(() => publish()) : read).finally(() => {
      if (reading === own) reading = undefined
    })
    reading = own
    return own
  }

  function refreshQuietly(): void {
    coordinator.refresh().catch(() => {}) // told as an event
  }

  function admitNow(caller: Caller): StoredTokens | null | Promise<StoredTokens> {
    if (isDisposed) return Promise.reject(disposed())
    const { tokens } = vault
    if (!tokens || tokens.expiresAt === null) return tokens
    const now = clock.now()
    if (now < refreshDueAt(tokens, timing, refreshAheadMs) || !canRenew(tokens)) return tokens
    if (now >= tokens.expiresAt) return coordinator.refresh(caller)
    if (!coordinator.isRefreshing && coolDown.notBefore() <= now && page.isOnline()) refreshQuietly()
    return tokens
  }

  const gate: RequestGate = {
    get isLoading() {
      return reading !== undefined
    },
    get tokens() {
      return vault.tokens
    },
    get isRefreshing() {
      return coordinator.isRefreshing
    },
    refreshAt: () =>
      !isDisposed && vault.tokens && canRenew(vault.tokens)
        ? Math.max(refreshDueAt(vault.tokens, timing, refreshAheadMs), coolDown.notBefore())
        : Infinity,
    now: () => clock.now(),
    after: (ms, callback) => clock.after(ms, callback),
    tell,
    onDispose: (callback) => teardowns.push(callback),
    admit(caller) {
      if (!reading) return admitNow(caller)
      const { tokens } = vault
      // One reading is waited for, however many are asked for meanwhile.
      return waitFor(reading, { clock, signal: caller.signal }).then(() => {
        // What was meant for one user does not go out for another.
        if (tokens && tokens.session !== vault.tokens?.session) throw goneError()
        return admitNow(caller)
      })
    },
    offer(tokens, from) {
      const found = attempt(() => checkTokens(tokens))
      if (found && !isDisposed && !coordinator.isRefreshing) vault.renew(from, found, clock.now())
    },
    async replace(refused, caller) {
      if (reading) await waitFor(reading, { clock, signal: caller.signal })
      if (isDisposed) throw disposed()
      const { tokens } = vault
      if (tokens?.session !== refused.session) throw goneError()
      if (tokens.generation > refused.generation) return (await admitNow(caller)) ?? tokens
      return canRenew(tokens) ? coordinator.refresh(caller) : refused
    },
  }

  const hear = (message: TabMessage): void => {
    if (message.type === 'cool-down') coolDown.restUntil(message.until)
    if (message.type === 'ended') endedElsewhere = message.session
    if (message.type === 'ended' || message.type === 'changed') look()
  }
  teardowns.push(
    channel.listen(hear),
    page.listen((signal) => {
      if (signal !== 'wake' && signal !== 'online') return
      silentStart.retry()
      look().then(() => {
        if (isDisposed) return
        if (signal === 'online' && coolDown.trouble && vault.tokens) {
          coolDown.forget()
          refreshQuietly()
        }
      })
    }),
    listeners.clear,
    guarded.subscribe(look),
    guarded.close,
  )

  async function awake(signal?: AbortSignal): Promise<void> {
    if (reading) await waitFor(reading, { clock, signal })
    if (isDisposed) throw disposed()
  }
  const ready = look()

  const session: Session<Claims> = {
    get state() {
      return state
    },
    ready,
    subscribe: (listener) =>
      listeners.add((telling) => ('state' in telling ? listener(telling.state) : undefined), { state }),
    on: (listener) => listeners.add((telling) => ('event' in telling ? listener(telling.event) : undefined)),
    async setTokens(given) {
      if (isDisposed) throw disposed()
      const turn = ++turns
      const found = parts.readSignIn(given)
      const tokens = checkTokens(found instanceof Promise ? await found : found)
      if (isDisposed) throw disposed()
      if (turn !== turns) throw sessionChanged()
      silentStart.forget()
      coordinator.abandon(sessionChanged())
      await vault.signIn(tokens)
    },
    async getAccessToken(options) {
      const { signal, minValidityMs = 0 } = ownFields(options)
      if (!(minValidityMs >= 0)) {
        throw new AuthError('INVALID_OPTIONS', 'minValidityMs takes a number of milliseconds, 0 or more')
      }
      await awake(signal)
      const before = vault.tokens
      let tokens = await gate.admit({ signal })
      if (!tokens) return null
      // What a refresh has just brought is as good as it gets.
      const isShort =
        tokens === before && tokens.expiresAt !== null && tokens.expiresAt - clock.now() < minValidityMs
      if (isShort && timing !== 'after-expiry' && canRenew(tokens))
        tokens = await coordinator.refresh({ signal })
      return tokens.accessToken
    },
    async refresh(options) {
      const { signal } = ownFields(options)
      await awake(signal)
      if (vault.tokens && !canRenew(vault.tokens)) {
        throw new AuthError('REFRESH_REFUSED', 'There is no refresh token')
      }
      return (await coordinator.refresh({ signal })).accessToken
    },
    async signOut() {
      if (isDisposed) throw disposed()
      turns++
      silentStart.forget()
      coordinator.abandon(sessionChanged())
      const { tokens } = vault
      const signedOut = vault.signOut()
      if (tokens) parts.tellSignOut?.(tokens)
      await signedOut
    },
    dispose() {
      if (isDisposed) return
      silentStart.forget()
      coordinator.close(disposed())
      isDisposed = true
      for (const teardown of teardowns) teardown()
    },
  }
  return { session, gate }
}

const disposed = (): AuthError => new AuthError('DISPOSED', 'The session was disposed of')

import type { Environment } from './environment.js'
import { expiryOf } from './expiry.js'
import { readClaims } from './jwt.js'
import { ownFields } from './own-fields.js'
import type { SessionPhase } from './session-phase.js'
import type { FailsafeStore } from './token-store.js'
import { isSameVersion, type StoredTokens, type TokenSet } from './tokens.js'

/** What another tab did, as the store shows it. */
export type StoreChange = 'adopted' | 'switched' | 'vanished'

/**
 * Compares the tokens in hand with what the store holds (`undefined`: it could not be read). Memory leads where this tab
 * acts, since a store may be full or gone; the store leads where another tab acted.
 *
 * @param wasStored whether the store has held the session in hand: only then does its absence mean that another tab ended it
 */
export function compareWithStore(
  inHand: StoredTokens | null,
  stored: StoredTokens | null | undefined,
  wasStored: boolean,
): StoreChange | undefined {
  if (stored === undefined || isSameVersion(stored, inHand)) return undefined
  if (inHand && stored?.session === inHand.session) {
    return stored.generation > inHand.generation ? 'adopted' : undefined
  }
  if (inHand && !wasStored) return undefined
  return stored ? 'switched' : 'vanished'
}

/** The tokens in hand and their record in the store, kept in step. */
export interface SessionRecord {
  /** Reads the store; returns what another tab had changed. */
  reread(): Promise<StoreChange | undefined>
  signIn(tokens: TokenSet): Promise<void>
  signOut(): Promise<void>
  /**
   * Commits what a refresh of `from` brought, unless `from` is no longer in hand; returns whether it is in hand then. Tokens
   * of another user begin another session, and so do those for `null`.
   */
  commit(from: StoredTokens | null, tokens: TokenSet, sentAt: number): Promise<boolean>
  /** Removes the session that the server ended, unless another tab has refreshed it; returns whether it is over. */
  end(from: StoredTokens): Promise<boolean>
  /** The server does not share our view of the expiry: from now on only its word counts. */
  forgetExpiry(from: StoredTokens): void
  /** Another tab says that the server ended that session. */
  noteEnded(session: string): void
}

export function createSessionRecord(
  phase: SessionPhase<unknown>,
  store: FailsafeStore,
  { clock, random, channel }: Pick<Environment, 'clock' | 'random' | 'channel'>,
): SessionRecord {
  let wasStored = false
  /** Counts sign-ins and sign-outs of this tab: what was read from the store before one of them is history. */
  let localActs = 0
  /** The sessions that are over: should the store fail to forget one, it does not come back. */
  const over = new Set<string>()
  /** Those that the server ended: when one vanishes from the store, the user did not sign out. */
  const expired = new Set<string>()

  const isInHand = (record: StoredTokens | null): boolean => isSameVersion(phase.record, record)
  const newSession = (): string => random().toString(36).slice(2) + clock.now().toString(36)

  /** Another session, or none, takes the place of the one in hand. */
  function leave(next: StoredTokens | null, event: 'signed-in' | 'signed-out' | 'expired'): void {
    if (phase.record) over.add(phase.record.session)
    phase.transition(
      next
        ? { status: 'signed-in', record: next }
        : { status: 'signed-out', reason: event === 'expired' ? event : 'signed-out' },
      { type: event },
    )
  }

  async function reread(): Promise<StoreChange | undefined> {
    const acts = localActs
    const stored = await store.read()
    const { record: inHand, current } = phase
    if (acts !== localActs || (stored && over.has(stored.session)) || current.status === 'disposed') return
    if (current.status === 'loading') {
      wasStored = !!stored
      if (stored) phase.transition({ status: 'signed-in', record: stored })
      return
    }
    const change = compareWithStore(inHand, stored, wasStored)
    // A write that timed out may have landed after all.
    wasStored = change ? !!stored : wasStored || (!!stored && isSameVersion(stored, inHand))
    if (change === 'adopted') phase.exchange(stored as StoredTokens, { type: 'adopted' })
    else if (change === 'switched') leave(stored as StoredTokens, 'signed-in')
    else if (change) leave(null, inHand && expired.has(inHand.session) ? 'expired' : 'signed-out')
    return change
  }

  return {
    reread,
    async signIn(tokens) {
      const before = phase.record
      const next = recordOf(newSession(), 1, tokens, clock.now())
      wasStored = false
      localActs++
      leave(next, 'signed-in')
      wasStored = (await store.write(next)) === true && isInHand(next)
      // Better no record than the one of the user before.
      if (!wasStored && before) await store.compareAndSet(before, null)
      channel.post({ type: 'changed' })
    },
    async signOut() {
      localActs++
      if (phase.current.status !== 'signed-out') leave(null, 'signed-out')
      await store.write(null)
      channel.post({ type: 'changed' })
    },
    async commit(from, tokens, sentAt) {
      const acts = localActs
      // Nobody is in hand before a sign-out and after it.
      const isCurrent = (): boolean => acts === localActs && isInHand(from)
      const isSame = from && !isOfAnotherUser(from, tokens)
      const next = isSame
        ? recordOf(from.session, from.generation + 1, tokens, sentAt, from.refreshToken)
        : recordOf(newSession(), 1, tokens, sentAt)
      if (!isCurrent()) return false
      let written = from ? await store.compareAndSet(from, next) : await store.write(next)
      if (written === false) {
        if (await reread()) return false
        if (isCurrent()) written = await store.write(next)
      }
      if (!isCurrent()) return false
      // Better no record than one whose refresh token is spent.
      if (!written && from) await store.compareAndSet(from, null)
      if (!isCurrent()) return false
      wasStored = written === true
      if (isSame) phase.exchange(next)
      else leave(next, 'signed-in')
      if (written) channel.post({ type: 'changed' })
      return true
    },
    async end(from) {
      if (await reread()) return false
      expired.add(from.session)
      // Posted before it is done: a tab that waits for the lock learns why before it sees what.
      channel.post({ type: 'ended', session: from.session })
      const removed = await store.compareAndSet(from, null)
      if ((removed === false && (await reread())) || !isInHand(from)) return false
      over.add(from.session)
      channel.post({ type: 'ended', session: from.session })
      return true
    },
    forgetExpiry(from) {
      if (isInHand(from)) phase.exchange(ownFields({ ...from, expiresAt: null }))
    },
    noteEnded: (session) => void expired.add(session),
  }
}

/** Tabs share a refresh cookie even where they share no store: by now it may be that of another user's sign-in. */
function isOfAnotherUser(from: TokenSet, brought: TokenSet): boolean {
  const was = readClaims(from.accessToken)?.sub
  const is = readClaims(brought.accessToken)?.sub
  return typeof was === 'string' && typeof is === 'string' && was !== is
}

function recordOf(
  session: string,
  generation: number,
  tokens: TokenSet,
  receivedAt: number,
  keptRefreshToken?: string,
): StoredTokens {
  const { accessToken, refreshToken = keptRefreshToken } = tokens
  return ownFields<StoredTokens>({
    version: 1,
    session,
    generation,
    accessToken,
    ...(refreshToken !== undefined && { refreshToken }),
    receivedAt,
    expiresAt: expiryOf(tokens, receivedAt),
  })
}

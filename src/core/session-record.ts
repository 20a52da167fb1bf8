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

/** How long a message may take to the other tabs. */
const toldMs = 100

/** The tokens in hand and their record in the store, kept in step. */
export interface SessionRecord {
  /** Reads the store; returns what another tab had changed. */
  reread(): Promise<StoreChange | undefined>
  /** Whether what was made in that session may go out now: it is in hand, or another one of the same user. */
  isOf(session: string): boolean
  signIn(tokens: TokenSet): Promise<void>
  signOut(): Promise<void>
  /**
   * Commits what a refresh of `from` brought, unless `from` is no longer in hand; returns whether it is in hand then. Tokens
   * of another user begin another session, and so do those for `null`.
   */
  commit(from: StoredTokens | null, tokens: TokenSet, sentAt: number): Promise<boolean>
  /** Signs out of what another user's cookie may take the place of: nothing but this page knows of it. */
  drop(): Promise<void>
  /** Removes the session that the server ended, unless another tab has refreshed it; returns whether it is over. */
  end(from: StoredTokens): Promise<boolean>
  /** The server does not share our view of the expiry: from now on only its word counts. */
  forgetExpiry(from: StoredTokens): void
  /** Another tab says that the server ended that session. */
  noteEnded(session: string): void
  /** Another tab says that the refresh token of that generation was answered. */
  noteSpent(session: string, generation: number): void
  /** Whether another tab has said so of this record, and nothing newer has been stored. */
  isSpent(record: StoredTokens): boolean
}

export function createSessionRecord(
  phase: SessionPhase<unknown>,
  store: FailsafeStore,
  { clock, random, channel }: Pick<Environment, 'clock' | 'random' | 'channel'>,
): SessionRecord {
  let wasStored = false
  /** Counts sign-ins and sign-outs of this tab: what was read from the store before one of them is history. */
  let localActs = 0
  /** The sessions that are over, with their users: should the store fail to forget one, it does not come back. */
  const over = new Map<string, string | undefined>()
  /** Those that the server ended: when one vanishes from the store, the user did not sign out. */
  const expired = new Set<string>()
  const spent = new Map<string, number>()

  const isInHand = (record: StoredTokens | null): boolean => isSameVersion(phase.record, record)
  const newSession = (): string => random().toString(36).slice(2) + clock.now().toString(36)

  /** Another session, or none, takes the place of the one in hand. */
  function leave(next: StoredTokens | null, event: 'signed-in' | 'signed-out' | 'expired'): void {
    if (phase.record) over.set(phase.record.session, userOf(phase.record))
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
    isOf(session) {
      const { record } = phase
      return !!record && (record.session === session || isSameUser(over.get(session), userOf(record)))
    },
    async signIn(tokens) {
      const before = phase.record
      const next = recordOf(newSession(), 1, tokens, clock.now())
      wasStored = false
      localActs++
      leave(next, 'signed-in')
      const writing = store.write(next)
      // At once, since the page may be a popup that closes in the next moment.
      channel.post({ type: 'signed-in' })
      wasStored = (await writing) === true && isInHand(next)
      // Better no record than the one of the user before.
      if (!wasStored && before) await store.compareAndSet(before, null)
      channel.post({ type: 'changed' })
    },
    async signOut() {
      localActs++
      if (phase.current.status !== 'signed-out') leave(null, 'signed-out')
      const writing = store.write(null)
      channel.post({ type: 'signed-out' })
      await writing
      channel.post({ type: 'changed' })
    },
    async commit(from, tokens, sentAt) {
      const acts = localActs
      // A reply that comes after `dispose` is still stored, since the server takes the token before it no longer.
      const isDisposed = (): boolean => phase.current.status === 'disposed'
      // Nobody is in hand before a sign-out and after it.
      const isCurrent = (): boolean => acts === localActs && (isDisposed() || isInHand(from))
      const isSame = from && !isOfAnotherUser(from, tokens)
      const next = isSame
        ? recordOf(from.session, from.generation + 1, tokens, sentAt, from.refreshToken)
        : recordOf(newSession(), 1, tokens, sentAt)
      if (!isCurrent()) return false
      let written = from ? await store.compareAndSet(from, next) : await store.write(next)
      if (written === false) {
        if (isDisposed() || (await reread())) return false
        if (isCurrent()) written = await store.write(next)
      }
      if (!isCurrent()) return false
      // Better no record than one whose refresh token is spent.
      if (!written && from && (await store.compareAndSet(from, null)) === undefined) {
        channel.post({ type: 'spent', session: from.session, generation: from.generation })
        // The lock is kept until the others have heard it: whoever has it next finds the old record in the store.
        await new Promise<void>((resolve) => clock.after(toldMs, resolve))
      }
      if (!isCurrent()) return false
      wasStored = written === true
      if (isSame) phase.exchange(next)
      else leave(next, 'signed-in')
      if (written) channel.post({ type: 'changed' })
      return true
    },
    async drop() {
      const { record } = phase
      if (!record) return
      leave(null, 'signed-out')
      await store.compareAndSet(record, null)
    },
    async end(from) {
      if (await reread()) return false
      expired.add(from.session)
      // Posted before it is done: a tab that waits for the lock learns why before it sees what.
      channel.post({ type: 'ended', session: from.session })
      const removed = await store.compareAndSet(from, null)
      if ((removed === false && (await reread())) || !isInHand(from)) return false
      over.set(from.session, userOf(from))
      channel.post({ type: 'ended', session: from.session })
      return true
    },
    forgetExpiry(from) {
      if (isInHand(from)) phase.exchange(ownFields({ ...from, expiresAt: null }))
    },
    noteEnded: (session) => void expired.add(session),
    noteSpent: (session, generation) => void spent.set(session, generation),
    isSpent: ({ session, generation }) => generation <= (spent.get(session) ?? 0),
  }
}

/** Tabs share a refresh cookie even where they share no store: by now it may be that of another user's sign-in. */
function isOfAnotherUser(from: TokenSet, brought: TokenSet): boolean {
  const was = userOf(from)
  const is = userOf(brought)
  return was !== undefined && is !== undefined && was !== is
}

/** The user by the access token, where it says so (RFC 7519 section 4.1.2). */
function userOf({ accessToken }: TokenSet): string | undefined {
  const user = readClaims(accessToken)?.sub
  return typeof user === 'string' ? user : undefined
}

const isSameUser = (a: string | undefined, b: string | undefined): boolean => a !== undefined && a === b

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

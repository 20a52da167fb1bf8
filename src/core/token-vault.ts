import type { Environment } from './environment.js'
import { expiryOf } from './expiry.js'
import { readClaims } from './jwt.js'
import { ownFields } from './own-fields.js'
import type { GuardedStore } from './token-store.js'
import { isSameRenewal, type StoredTokens, type TokenSet } from './tokens.js'

/** How the tokens in hand came to be what they are. The last three are other tabs' doing. */
export type VaultChange =
  | 'loaded'
  | 'signed-in'
  | 'signed-out'
  | 'expired'
  | 'renewed'
  | 'expiry-unknown'
  | 'adopted'
  | 'switched'
  | 'signed-out-elsewhere'

/**
 * The tokens in hand and their record in the store, kept in step. Memory leads where this tab acts (a store may be full
 * or gone), the store leads where another tab acted.
 */
export interface TokenVault {
  readonly isLoaded: boolean
  readonly tokens: StoredTokens | null
  signIn(tokens: TokenSet): Promise<void>
  signOut(): Promise<void>
  /** Reads the store and believes what another tab did to it. */
  reread(): Promise<void>
  /**
   * Commits what a refresh of `from` brought, unless `from` is no longer what is in hand. Tokens of another user begin
   * another session.
   */
  renew(from: StoredTokens, tokens: TokenSet, sentAt: number): Promise<void>
  /** Ends the session because the server refused `from`, unless another tab has renewed it meanwhile. */
  end(from: StoredTokens): Promise<void>
  /** The server does not share our view of the expiry: from now on only its word counts. */
  forgetExpiry(from: StoredTokens): void
}

export function createTokenVault(
  store: GuardedStore,
  { clock, random, channel }: Pick<Environment, 'clock' | 'random' | 'channel'>,
  onChange: (change: VaultChange, before: StoredTokens | null) => void,
): TokenVault {
  let isLoaded = false
  let tokens: StoredTokens | null = null
  /** Whether the store has held this session: only then does its absence there mean that another tab ended it. */
  let wasStored = false
  /** The sessions that ended here: should the store fail to forget one, it does not come back. */
  const endedSessions = new Set<string>()
  /** Counts sign-ins and sign-outs of this tab: what was read from the store before one of them is history. */
  let localActs = 0

  function set(next: StoredTokens | null, change: VaultChange): void {
    if (tokens && tokens.session !== next?.session) endedSessions.add(tokens.session)
    const before = tokens
    tokens = next
    isLoaded = true
    onChange(change, before)
  }

  /** Takes over what the store holds; returns whether that was another tab's doing. */
  function believe(stored: StoredTokens | null | undefined): boolean {
    if (stored && endedSessions.has(stored.session)) return false
    if (!isLoaded) {
      wasStored = !!stored
      set(stored ?? null, 'loaded')
    } else if (stored === undefined || isSameRenewal(stored, tokens)) {
      // A write that was given up may have landed after all.
      wasStored ||= !!stored
      return false
    } else if (!tokens || !stored || stored.session !== tokens.session) {
      if (tokens && !wasStored) return false
      wasStored = !!stored
      set(stored, stored ? 'switched' : 'signed-out-elsewhere')
    } else if (stored.generation > tokens.generation) {
      set(stored, 'adopted')
    } else {
      return false
    }
    return true
  }

  /** Reads the store; returns whether another tab had changed what is in hand. */
  async function look(): Promise<boolean> {
    const acts = localActs
    const stored = await store.read()
    return acts === localActs && believe(stored)
  }

  const vault: TokenVault = {
    get isLoaded() {
      return isLoaded
    },
    get tokens() {
      return tokens
    },
    async signIn(given) {
      const receivedAt = clock.now()
      const before = tokens
      const session = random().toString(36).slice(2) + receivedAt.toString(36)
      const next = recordOf(session, 1, given, receivedAt)
      wasStored = false
      localActs++
      set(next, 'signed-in')
      wasStored = (await store.write(next)) === true && isSameRenewal(tokens, next)
      // Better no record than the one of the user before.
      if (!wasStored && before) await store.replace(before, null)
      channel.post({ type: 'changed' })
    },
    async signOut() {
      localActs++
      if (tokens || !isLoaded) set(null, 'signed-out')
      await store.write(null)
      channel.post({ type: 'changed' })
    },
    async reread() {
      await look()
    },
    async renew(from, brought, sentAt) {
      const { session, generation, refreshToken } = from
      const next = recordOf(session, generation + 1, brought, sentAt, refreshToken)
      if (!isSameRenewal(tokens, from)) return
      if (isOfAnotherUser(from, brought)) {
        if (!(await look()) && isSameRenewal(tokens, from)) await vault.signIn(brought)
        return
      }
      let written = await store.replace(from, next)
      if (written === false) {
        if (await look()) return
        if (isSameRenewal(tokens, from)) written = await store.write(next)
      }
      if (!isSameRenewal(tokens, from)) return
      // Better no record than one whose refresh token is spent.
      if (!written) await store.replace(from, null)
      if (!isSameRenewal(tokens, from)) return
      wasStored = written === true
      set(next, 'renewed')
      if (written) channel.post({ type: 'changed' })
    },
    async end(from) {
      if (await look()) return
      // Told before it is done: a tab that waits for the lock learns why before it sees what.
      channel.post({ type: 'ended', session: from.session })
      const removed = await store.replace(from, null)
      if (removed === false && (await look())) return
      if (!isSameRenewal(tokens, from)) return
      set(null, 'expired')
      channel.post({ type: 'ended', session: from.session })
    },
    forgetExpiry(from) {
      if (isSameRenewal(tokens, from)) set(ownFields({ ...from, expiresAt: null }), 'expiry-unknown')
    },
  }
  return vault
}

/** Tabs share a refresh cookie even where they share no store: by now it may be that of whoever signed in elsewhere. */
function isOfAnotherUser(from: TokenSet, brought: TokenSet): boolean {
  const was = readClaims(from.accessToken)?.sub
  const is = readClaims(brought.accessToken)?.sub
  return typeof was === 'string' && typeof is === 'string' && was !== is
}

function recordOf(
  session: string,
  generation: number,
  brought: TokenSet,
  receivedAt: number,
  keptRefreshToken?: string,
): StoredTokens {
  const { accessToken, refreshToken = keptRefreshToken } = brought
  return ownFields<StoredTokens>({
    version: 1,
    session,
    generation,
    accessToken,
    ...(refreshToken === undefined ? undefined : { refreshToken }),
    receivedAt,
    expiresAt: expiryOf(brought, receivedAt),
  })
}

import type { RefreshTokenTable } from './refresh-token-table.js'
import type { Rotation } from './settings.js'

const lifetimeMs = 30 * 60_000
/** How long a token that was spent is forgiven, where that is wished for: a lost answer and its repetition lie in it. */
export const graceMs = 10_000

export interface Rotated {
  sid: string
  username: string
  refreshToken: string
}

/**
 * Refresh tokens: opaque, kept as hashes, rotated at each use. All tokens that descend from one sign-in are a
 * family. A token that is used a second time is in the wrong hands or was used by two tabs at once; the server
 * cannot tell which, so the whole family ends (RFC 9700, section 4.14.2).
 */
export interface RefreshTokens {
  /** The user signed in: a new family. */
  begin(username: string): Promise<{ sid: string; refreshToken: string }>
  /**
   * Trades a refresh token for its successor, or returns null. `owner` is what an access token sent along says about
   * itself: both must belong to the same user and the same sign-in.
   */
  rotate(
    token: string,
    rotation: Rotation,
    owner?: { sid: unknown; username: unknown },
  ): Promise<Rotated | null>
  /** The family of a token, whether spent or not. */
  familyOf(token: string): Promise<string | null>
  revoke(sid: string): void
  /** Every sign-in, without a word to anyone. */
  revokeAll(): void
  readonly sessions: number
}

export function createRefreshTokens(table: RefreshTokenTable, onReuse: () => void): RefreshTokens {
  async function create(family: string, username: string): Promise<{ token: string; add(): void }> {
    const token = randomToken()
    const hash = await hashOf(token)
    return {
      token,
      add: () => table.add({ hash, family, username, expiresAt: Date.now() + lifetimeMs, spentAt: null }),
    }
  }

  return {
    async begin(username) {
      table.removeExpired(Date.now())
      const sid = crypto.randomUUID()
      const { token, add } = await create(sid, username)
      add()
      return { sid, refreshToken: token }
    },

    async rotate(token, rotation, owner) {
      const hash = await hashOf(token)
      const known = table.find(hash)
      if (!known) return null
      const next = await create(known.family, known.username)

      // From here on nothing waits: two requests with one token must not both find it unspent.
      const now = Date.now()
      table.removeExpired(now)
      const row = table.find(hash)
      if (!row) return null
      const { family, username, spentAt } = row
      if (owner && (owner.sid !== family || owner.username !== username)) return null
      if (rotation === 'none') {
        table.extend(hash, now + lifetimeMs)
        return { sid: family, username, refreshToken: token }
      }
      if (spentAt !== null && !(rotation === 'grace' && now - spentAt <= graceMs)) {
        table.removeFamily(family)
        onReuse()
        return null
      }
      if (spentAt === null) table.spend(hash, now)
      next.add()
      return { sid: family, username, refreshToken: next.token }
    },

    familyOf: async (token) => table.find(await hashOf(token))?.family ?? null,
    revoke: (sid) => table.removeFamily(sid),
    revokeAll: () => table.removeAll(),

    get sessions() {
      table.removeExpired(Date.now())
      return table.countFamilies()
    },
  }
}

function randomToken(): string {
  return base64Url(crypto.getRandomValues(new Uint8Array(32)))
}

async function hashOf(token: string): Promise<string> {
  return base64Url(new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(token))))
}

function base64Url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '')
}

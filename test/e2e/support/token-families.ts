import { randomUUID } from 'node:crypto'

export interface Pair {
  accessToken: string
  refreshToken: string
}

/** What came of a refresh token that was handed in. */
export type Rotation =
  | { outcome: 'rotated' | 'forgiven'; pair: Pair }
  | { outcome: 'reused' | 'unknown' | 'foreign' | 'not-due' }

export interface RefreshRecord {
  token: string
  family: Family
  /** When it was traded in, and by whom. */
  spentAt?: number
  spentBy?: string
  /** The one who spent it never got the answer. */
  isReplyLost?: boolean
}

interface Family {
  user: string
  isRevoked: boolean
}

interface AccessRecord {
  family: Family
  expiresAt: number
}

export interface FamilyRules {
  /** How long a spent refresh token is forgiven. 0: one reuse ends the family (RFC 9700, section 4.14.2). */
  graceMs: number
  /** Lifetime that access tokens tell in their claims; without it they are opaque, and expire by `expire` alone. */
  accessTokenLifetimeMs?: number | undefined
}

/** Refresh tokens, rotated at each use. All that descend from one sign-in are a family. */
export function createTokenFamilies(rules: FamilyRules) {
  const refreshTokens = new Map<string, RefreshRecord>()
  const accessTokens = new Map<string, AccessRecord>()

  function mint(family: Family): Pair {
    const now = Date.now()
    const lifetimeMs = rules.accessTokenLifetimeMs
    const accessToken =
      lifetimeMs === undefined ? `access-${randomUUID()}` : jwtOf(family.user, now, now + lifetimeMs)
    accessTokens.set(accessToken, { family, expiresAt: now + (lifetimeMs ?? Infinity) })
    const refreshToken = `refresh-${randomUUID()}`
    refreshTokens.set(refreshToken, { token: refreshToken, family })
    return { accessToken, refreshToken }
  }

  return {
    begin: (user: string): Pair => mint({ user, isRevoked: false }),

    /** The user of an access token that is good. */
    userOf(accessToken: string): string | undefined {
      const record = accessTokens.get(accessToken)
      return record && !record.family.isRevoked && Date.now() < record.expiresAt
        ? record.family.user
        : undefined
    },

    find: (refreshToken: string): RefreshRecord | undefined => refreshTokens.get(refreshToken),

    /** `accessToken` is what was sent along; `undefined` where the protocol sends none. */
    rotate(refreshToken: string, accessToken: string | undefined, by: string): Rotation {
      const record = refreshTokens.get(refreshToken)
      if (!record || record.family.isRevoked) return { outcome: 'unknown' }
      if (accessToken !== undefined) {
        const access = accessTokens.get(accessToken)
        if (access?.family !== record.family) return { outcome: 'foreign' }
        if (Date.now() < access.expiresAt) return { outcome: 'not-due' }
      }
      if (record.spentAt === undefined) {
        record.spentAt = Date.now()
        record.spentBy = by
        return { outcome: 'rotated', pair: mint(record.family) }
      }
      if (Date.now() - record.spentAt < rules.graceMs) {
        return { outcome: 'forgiven', pair: mint(record.family) }
      }
      record.family.isRevoked = true
      return { outcome: 'reused' }
    },

    /** All access tokens are refused from now on. */
    expire(): void {
      for (const record of accessTokens.values()) record.expiresAt = 0
    },

    /** The user is signed out on the server. */
    revoke(user: string): void {
      for (const { family } of refreshTokens.values()) if (family.user === user) family.isRevoked = true
    },
  }
}

/** Nobody here checks the signature. */
function jwtOf(sub: string, issuedAt: number, expiresAt: number): string {
  const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')
  const claims = { sub, jti: randomUUID(), iat: issuedAt / 1000, exp: expiresAt / 1000 }
  return `${part({ alg: 'none', typ: 'JWT' })}.${part(claims)}.${part('unsigned')}`
}

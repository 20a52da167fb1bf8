import { randomUUID } from 'node:crypto'

/**
 * @typedef {{ accessToken: string, refreshToken: string }} Pair
 *
 * @typedef {object} FamilyRules Read at each use, so that they may change while a server runs.
 * @property {number} graceMs How long a spent refresh token is forgiven. 0: one reuse ends the family (RFC 9700, section 4.14.2).
 * @property {number | undefined} [accessTokenLifetimeMs] Without it, access tokens expire by `expire` alone.
 * @property {((user: string, issuedAt: number, expiresAt: number) => string) | undefined} [mintAccessToken] By default, a JWT that
 *   nobody has signed, or an opaque token where there is no lifetime to tell.
 *
 * @typedef {object} Family All refresh tokens that descend from one sign-in.
 * @property {string} user
 * @property {boolean} isRevoked
 *
 * @typedef {object} RefreshRecord
 * @property {string} token
 * @property {Family} family
 * @property {number} [spentAt] When it was traded in.
 * @property {string} [spentBy] Who traded it in.
 * @property {boolean} [isReplyLost] The one who spent it never got the answer.
 *
 * @typedef {{ outcome: 'rotated' | 'forgiven', pair: Pair } | { outcome: 'reused' | 'unknown' | 'foreign' | 'not-due' }} Rotation
 *   What came of a refresh token that was handed in.
 */

/**
 * The rules of an auth server, in memory: refresh tokens are rotated at each use, and one that comes a second time ends its
 * family. It stands under the servers of the tests in real browsers, and under that of the bench.
 *
 * @param {FamilyRules} rules
 */
export function createTokenFamilies(rules) {
  /** @type {Map<string, RefreshRecord>} */
  const refreshTokens = new Map()
  /** @type {Map<string, { family: Family, expiresAt: number }>} */
  const accessTokens = new Map()

  /** @param {Family} family @returns {Pair} */
  function mint(family) {
    const now = Date.now()
    const { accessTokenLifetimeMs: lifetimeMs, mintAccessToken = jwtOf } = rules
    const expiresAt = now + (lifetimeMs ?? Infinity)
    const accessToken =
      lifetimeMs === undefined ? `access-${randomUUID()}` : mintAccessToken(family.user, now, expiresAt)
    accessTokens.set(accessToken, { family, expiresAt })
    const refreshToken = `refresh-${randomUUID()}`
    refreshTokens.set(refreshToken, { token: refreshToken, family })
    return { accessToken, refreshToken }
  }

  return {
    /** @param {string} user */
    begin: (user) => mint({ user, isRevoked: false }),

    /** The user of an access token that is good. @param {string} accessToken */
    userOf(accessToken) {
      const record = accessTokens.get(accessToken)
      return record && !record.family.isRevoked && Date.now() < record.expiresAt
        ? record.family.user
        : undefined
    },

    /** @param {string} refreshToken */
    find: (refreshToken) => refreshTokens.get(refreshToken),

    /**
     * @param {string} refreshToken
     * @param {string | undefined} accessToken What was sent along; `undefined` where the protocol sends none.
     * @param {string} by
     * @returns {Rotation}
     */
    rotate(refreshToken, accessToken, by) {
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
    expire() {
      for (const record of accessTokens.values()) record.expiresAt = 0
    },

    /** The user is signed out on the server. @param {string} user */
    revoke(user) {
      for (const { family } of refreshTokens.values()) if (family.user === user) family.isRevoked = true
    },
  }
}

/** @param {string} sub @param {number} issuedAt @param {number} expiresAt */
function jwtOf(sub, issuedAt, expiresAt) {
  /** @param {unknown} value */
  const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const claims = { sub, jti: randomUUID(), iat: issuedAt / 1000, exp: expiresAt / 1000 }
  return `${part({ alg: 'none', typ: 'JWT' })}.${part(claims)}.${part('unsigned')}`
}

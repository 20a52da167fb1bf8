import { createHash, randomBytes, randomUUID } from 'node:crypto'

/**
 * Refresh tokens: opaque, kept as hashes, rotated at each use. All tokens that descend from one sign-in are a
 * family. A token that is used a second time is in the wrong hands or was used by two tabs at once; the server
 * cannot tell which, so the whole family ends (RFC 9700, section 4.14.2).
 */
export function createRefreshTokens({ lifetimeMs, onReuse }) {
  const families = new Map() // sid → { username, expiresAt, hashes, current }
  const sidByHash = new Map()

  function add(sid) {
    const token = randomBytes(32).toString('base64url')
    const family = families.get(sid)
    family.current = hashOf(token)
    family.expiresAt = Date.now() + lifetimeMs
    family.hashes.push(family.current)
    sidByHash.set(family.current, sid)
    return token
  }

  function revoke(sid) {
    for (const hash of families.get(sid)?.hashes ?? []) sidByHash.delete(hash)
    families.delete(sid)
  }

  function sweep() {
    for (const [sid, { expiresAt }] of families) if (expiresAt <= Date.now()) revoke(sid)
  }

  return {
    /** The user signed in: a new family. */
    begin(username) {
      sweep()
      const sid = randomUUID()
      families.set(sid, { username, expiresAt: 0, hashes: [], current: '' })
      return { sid, refreshToken: add(sid) }
    },

    /**
     * Trades a refresh token for its successor, or returns null. `owner` is what the access token sent along says
     * about itself: both must belong to the same user and the same sign-in.
     */
    rotate(token, owner) {
      sweep()
      const hash = hashOf(token)
      const sid = sidByHash.get(hash)
      const family = families.get(sid)
      if (!family || sid !== owner.sid || family.username !== owner.username) return null
      if (family.current !== hash) {
        revoke(sid)
        onReuse()
        return null
      }
      return add(sid)
    },

    revoke,

    get sessions() {
      sweep()
      return families.size
    },
  }
}

function hashOf(token) {
  return createHash('sha256').update(token).digest('base64url')
}

import { randomBytes, randomUUID } from 'node:crypto'
import { errors, jwtVerify, SignJWT } from 'jose'

const algorithm = 'HS256'
const issuer = 'latchkey-demo'

/**
 * Issues and checks the access tokens: JWTs, each for one signed-in session (`sid`).
 * The secret is made anew at each start, so a restart of the server ends every session it ever began.
 */
export function createAccessTokens({ lifetimeMs }) {
  const secret = randomBytes(32)
  const endedEarly = new Map() // token id → when its `exp` makes the entry needless, in seconds

  return {
    /** `iat` and `exp` are whole seconds rounded down, as most servers write them. */
    issue({ sid, user }) {
      const issuedAt = Math.floor(Date.now() / 1000)
      return new SignJWT({ name: user.name, sid })
        .setProtectedHeader({ alg: algorithm, typ: 'JWT' })
        .setIssuer(issuer)
        .setSubject(user.username)
        .setJti(randomUUID())
        .setIssuedAt(issuedAt)
        .setExpirationTime(issuedAt + lifetimeMs / 1000)
        .sign(secret)
    },

    /** An expired token still tells whose it was: jose checks the signature before the dates. */
    async check(token) {
      try {
        const { payload } = await jwtVerify(token, secret, { algorithms: [algorithm], issuer })
        return { status: endedEarly.has(payload.jti) ? 'expired' : 'valid', claims: payload }
      } catch (error) {
        if (error instanceof errors.JWTExpired) return { status: 'expired', claims: error.payload }
        return { status: 'invalid', claims: null }
      }
    },

    /** From now on the server takes this token for expired, whatever `exp` says. Nobody tells the browser. */
    endEarly({ jti, exp }) {
      const now = Date.now() / 1000
      for (const [id, neededUntil] of endedEarly) if (neededUntil < now) endedEarly.delete(id)
      endedEarly.set(jti, exp)
    },
  }
}

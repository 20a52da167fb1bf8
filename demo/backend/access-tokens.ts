import { errors, type JWTPayload, jwtVerify, SignJWT } from 'jose'
import type { User } from './users.js'

const algorithm = 'HS256'
const issuer = 'latchkey-demo'

export type TokenStatus = 'missing' | 'valid' | 'expired' | 'invalid'

export interface CheckedToken {
  status: TokenStatus
  claims: JWTPayload | null
}

/** Token id → when its `exp` makes the entry needless, in seconds. */
export type EndedEarly = Record<string, number>

/** Issues and checks the access tokens: JWTs, each for one sign-in (`sid`). */
export interface AccessTokens {
  issue(owner: { sid: string; user: User; lifetimeMs: number }): Promise<string>
  check(token: string | null): Promise<CheckedToken>
  /** From now on the server takes this token for expired, whatever `exp` says. Nobody tells the browser. */
  endEarly(claims: JWTPayload): void
}

export function createAccessTokens(secret: Uint8Array, endedEarly: EndedEarly): AccessTokens {
  return {
    /** `iat` and `exp` are whole seconds rounded down, as most servers write them. */
    issue({ sid, user, lifetimeMs }) {
      const issuedAt = Math.floor(Date.now() / 1000)
      return new SignJWT({ name: user.name, sid })
        .setProtectedHeader({ alg: algorithm, typ: 'JWT' })
        .setIssuer(issuer)
        .setSubject(user.username)
        .setJti(crypto.randomUUID())
        .setIssuedAt(issuedAt)
        .setExpirationTime(issuedAt + lifetimeMs / 1000)
        .sign(secret)
    },

    /** An expired token still tells whose it was: jose checks the signature before the dates. */
    async check(token) {
      if (!token) return { status: 'missing', claims: null }
      try {
        const { payload } = await jwtVerify(token, secret, { algorithms: [algorithm], issuer })
        return { status: (payload.jti ?? '') in endedEarly ? 'expired' : 'valid', claims: payload }
      } catch (error) {
        if (error instanceof errors.JWTExpired) return { status: 'expired', claims: error.payload }
        return { status: 'invalid', claims: null }
      }
    },

    endEarly({ jti = '', exp = 0 }) {
      const now = Date.now() / 1000
      for (const [id, neededUntil] of Object.entries(endedEarly)) {
        if (neededUntil < now) delete endedEarly[id]
      }
      endedEarly[jti] = exp
    },
  }
}

/** The token of an `Authorization: Bearer …` header, or null (RFC 6750, section 2.1). */
export function bearerToken(headers: Headers, name = 'Authorization'): string | null {
  return /^Bearer +(\S+)$/i.exec(headers.get(name) ?? '')?.[1] ?? null
}

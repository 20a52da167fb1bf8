import type { TokenSet } from '../../../src/core/tokens.js'
import type { Agenda } from './agenda.js'

/**
 * - `strict`: a refresh token that comes a second time ends its family (RFC 9700 section 4.14.2)
 * - `grace`: the last one before the present may come again for 10 s, and is given the present one
 */
export type Rotation = 'strict' | 'grace'

/** What a sign-in began, and all tokens that came from it. */
export interface Family {
  readonly id: number
  readonly lifetimeMs: number
  readonly saysLifetime: boolean
  readonly user: string | undefined
  refreshToken: string | undefined
  spent: { refreshToken: string; at: number } | undefined
  isEnded: boolean
  /** Each good access token, and when it expires by the server's clock. */
  readonly accessTokens: Map<string, number>
}

export interface SignIn {
  lifetimeMs: number
  /** Whether the client is told, or learns it by a refusal. */
  saysLifetime: boolean
  hasRefreshToken: boolean
  /** Who signs in, where the tokens say so; without it nobody can tell one user from another by their tokens. */
  user?: string | undefined
}

/** In every token, so that one which leaks is found; nothing else has this word. */
export const sentinel = 'sentinel'

export const familyOf = (token: string): number => Number(/sentinel-[a-z]+-(\d+)-/.exec(token)?.[1])

/** A JWT that nobody has signed, which says whose it is. */
const jwtOf = (sub: string, signature: string): string =>
  [{ alg: 'none' }, { sub }].map((part) => `${btoa(JSON.stringify(part)).replace(/=+$/, '')}.`).join('') +
  signature

const graceMs = 10_000

/** The model of a server with rotating refresh tokens. Its clock is the true one. */
export interface AuthServer {
  readonly families: readonly Family[]
  signIn(how: SignIn): TokenSet
  /** `null`: refused, and the family ended. */
  refresh(refreshToken: string): TokenSet | null
  accepts(accessToken: string | null): boolean
  /** Whether two families are one user's, as far as tokens can say. */
  isSameUser(family: number, other: number): boolean
  /** Every access token is dead, the refresh token is not: what a refresh cures. */
  revokeAccess(family: number): void
  end(family: number): void
}

export function createAuthServer(agenda: Agenda, rotation: Rotation): AuthServer {
  const families: Family[] = []
  let issued = 0

  const mint = (kind: 'access' | 'refresh', family: number): string =>
    `${sentinel}-${kind}-${family}-${++issued}`

  function issue(family: Family): TokenSet {
    const { refreshToken, saysLifetime, lifetimeMs, user } = family
    const minted = mint('access', family.id)
    const accessToken = user === undefined ? minted : jwtOf(user, minted)
    family.accessTokens.set(accessToken, agenda.now + lifetimeMs)
    return {
      accessToken,
      ...(refreshToken === undefined ? undefined : { refreshToken }),
      ...(saysLifetime ? { expiresIn: lifetimeMs / 1000 } : undefined),
    }
  }

  function end(id: number): void {
    const family = families[id]
    if (!family) return
    family.isEnded = true
    family.accessTokens.clear()
  }

  return {
    families,
    signIn({ lifetimeMs, saysLifetime, hasRefreshToken, user }) {
      const id = families.length
      const family: Family = {
        id,
        lifetimeMs,
        saysLifetime,
        user,
        refreshToken: hasRefreshToken ? mint('refresh', id) : undefined,
        spent: undefined,
        isEnded: false,
        accessTokens: new Map(),
      }
      families.push(family)
      return issue(family)
    },
    refresh(refreshToken) {
      const family = families[familyOf(refreshToken)] as Family
      if (family.isEnded) return null
      if (refreshToken === family.refreshToken) {
        family.spent = { refreshToken, at: agenda.now }
        family.refreshToken = mint('refresh', family.id)
        return issue(family)
      }
      const { spent } = family
      const isForgiven =
        rotation === 'grace' && spent?.refreshToken === refreshToken && agenda.now - spent.at <= graceMs
      if (isForgiven) return issue(family)
      end(family.id)
      return null
    },
    accepts(accessToken) {
      const goodUntil = accessToken && families[familyOf(accessToken)]?.accessTokens.get(accessToken)
      return typeof goodUntil === 'number' && agenda.now < goodUntil
    },
    isSameUser(family, other) {
      const user = families[family]?.user
      return family === other || (user !== undefined && user === families[other]?.user)
    },
    revokeAccess: (family) => families[family]?.accessTokens.clear(),
    end,
  }
}

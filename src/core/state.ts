import type { JwtClaims } from './jwt.js'

/** @inline */
export type SignedOutReason = 'none' | 'signed-out' | 'expired'

/** An immutable snapshot: the same object until something changes. */
export type SessionState<Claims = JwtClaims> =
  | { readonly status: 'loading' }
  | { readonly status: 'signed-out'; readonly reason: SignedOutReason }
  | {
      readonly status: 'signed-in'
      /** The access token's payload, decoded and not verified; `null` for an opaque token. */
      readonly claims: Claims | null
      /** Milliseconds since the epoch, by the local clock; `null` when only the server knows. */
      readonly expiresAt: number | null
      readonly refreshing: boolean
    }

/**
 * What a server renders, where there is no store to read; and so what the page must render while it hydrates the server's
 * HTML, whatever it knows by then.
 */
export const serverState: Readonly<{ status: 'loading' }> = /* @__PURE__ */ Object.freeze({
  status: 'loading',
})

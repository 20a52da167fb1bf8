import { type Emit, warning } from './events.js'
import type { SessionParts } from './session-parts.js'
import type { TokenSet } from './tokens.js'

/** Tells the server of a sign-out. Nobody waits for it: the user is signed out, whatever the server says. */
export const createSignOutCall =
  (signOut: SessionParts['signOut'], emit: Emit) =>
  (tokens: TokenSet): void => {
    const call = async (): Promise<unknown> => signOut?.(tokens)
    call().catch(() => emit(warning('SIGN_OUT_NOT_TOLD')))
  }

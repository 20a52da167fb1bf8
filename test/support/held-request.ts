import type { AuthError } from '../../src/core/errors.js'
import { authErrorOf } from '../../src/http/auth-error-of.js'
import type { FakeTab } from './fake-tab.js'

/** What a request would do: its token, `null` without one, or the error's code; `undefined` while it is held. */
export interface HeldRequest {
  outcome: string | null | undefined
}

export function request({ source }: Pick<FakeTab, 'source'>): HeldRequest {
  const held: HeldRequest = { outcome: undefined }
  if (source.mustWait()) {
    source.getTokens(undefined).then(
      (tokens) => {
        held.outcome = tokens?.accessToken ?? null
      },
      (error) => {
        held.outcome = error.code
      },
    )
  } else {
    held.outcome = source.record?.accessToken ?? null
  }
  return held
}

/** The code that a call is rejected with, `undefined` if it is not. */
export const codeOf = (call: Promise<unknown>): Promise<string | undefined> =>
  call.then(
    () => undefined,
    (error: AuthError) => authErrorOf(error)?.code ?? error.code,
  )

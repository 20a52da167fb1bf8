import type { AxiosError } from 'axios'
import { vi } from 'vitest'
import type { Session } from '../../../src/index.js'
import type { Backend } from '../../support/backend.js'
import { type Holding, holding } from '../../support/holding.js'

/** Alice is who `signIn` signs in; Bob comes after her. */
export const bob = { accessToken: 'bob-access', refreshToken: 'bob-refresh' }

export const failureOf = (call: Promise<unknown>): Promise<AxiosError> =>
  call.then(
    () => Promise.reject(new Error('the call succeeded')),
    (error) => error,
  )

/** Lets Alice's token expire, which was to last 15 seconds; the refresh that comes is held until the test lets it go. */
export function holdRefresh(backend: Backend): Holding {
  vi.setSystemTime(Date.now() + 15_000)
  const refresh = holding(backend.renew)
  backend.renew = refresh.respond
  return refresh
}

/** How Alice's session may be gone. */
export const departures: [string, (session: Session) => Promise<void>][] = [
  ['for Bob after a switch of the account', (session) => session.setTokens(bob)],
  ['without a token after a sign-out', (session) => session.signOut()],
  [
    'for Bob who signs in after her sign-out',
    async (session) => {
      await session.signOut()
      await session.setTokens(bob)
    },
  ],
]

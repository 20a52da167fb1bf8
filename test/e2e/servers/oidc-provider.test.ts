import { describe, expect, test } from 'vitest'
import { getInAll } from '../support/workbench.js'
import { claimOfEveryServer } from './support/claims.js'
import { createOidcServer } from './support/oidc-server.js'
import { useServer } from './support/server-bench.js'
import { signInByForm } from './support/sign-in-by-form.js'

describe('oidc-provider: authorization code and PKCE, rotation with reuse detection', () => {
  const bench = useServer('oidc-page.ts', createOidcServer, signInByForm)

  /** A refresh that is not the page's. */
  const refreshElsewhere = (refreshToken: string): Promise<Response> =>
    fetch(`${bench.server.url}/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'refresh_token',
        client_id: 'spa',
        refresh_token: refreshToken,
      }),
    })

  const lastRefreshToken = (): string => bench.server.backing.database.idsOf('RefreshToken').at(-1) ?? ''

  claimOfEveryServer(bench)

  test('20 expiries in a row that only the server knows, in two tabs: 20 refreshes, no refresh token is sent twice', async () => {
    const tab = await bench.openSignedIn()
    const tabs = [tab, await bench.open()]
    for (let round = 1; round <= 20; round++) {
      bench.server.backing.expire()
      expect((await getInAll(tabs, 2, 0)).flat()).toEqual(['ada', 'ada', 'ada', 'ada'])
      expect(bench.server.counters).toMatchObject({ refreshes: round, refreshesRefused: 0 })
    }
    expect(bench.server.counters.answered).toBe(80)
  })

  test('a refresh token that somebody else has used is refused, and with it all that came of it: told once as expired', async () => {
    const tab = await bench.openSignedIn()
    const stolen = lastRefreshToken()
    const theft = await refreshElsewhere(stolen)
    expect(theft.status).toBe(200)
    const { refresh_token: stolenNext } = (await theft.json()) as { refresh_token: string }
    bench.server.backing.expire()
    expect(await tab.call('get', 3)).toEqual(['401', '401', '401'])
    expect(await tab.call('status')).toBe('signed-out: expired')
    expect(await tab.call('told')).toMatchObject({ expired: 1 })
    expect(bench.server.counters).toMatchObject({
      answered: 0,
      refused: 3,
      refreshes: 1,
      refreshesRefused: 1,
    })
    expect((await refreshElsewhere(stolenNext)).status).toBe(400)
  })

  test('a sign-out revokes the refresh token at the server', async () => {
    const tab = await bench.openSignedIn()
    const refreshToken = lastRefreshToken()
    await tab.call('signOut')
    expect(await tab.call('status')).toBe('signed-out: signed-out')
    await expect.poll(() => bench.server.counters.signOuts).toBe(1)
    const reply = await refreshElsewhere(refreshToken)
    expect([reply.status, await reply.json()]).toMatchObject([400, { error: 'invalid_grant' }])
    expect(await tab.call('told')).toEqual({ 'signed-in': 1, 'signed-out': 1 })
  })
})

import { describe, expect, test } from 'vitest'
import { claimOfEveryServer } from './support/claims.js'
import { keysInDatabase } from './support/keys-in-database.js'
import { createOidcServer } from './support/oidc-server.js'
import { useServer } from './support/server-bench.js'
import { signInByForm } from './support/sign-in-by-form.js'

describe('oidc-provider with DPoP: tokens that are bound to a key, proofs that need a nonce', () => {
  const bench = useServer('oidc-dpop-page.ts', (stage) => createOidcServer(stage, true), signInByForm)

  claimOfEveryServer(bench)

  test('an expiry that only the server knows costs one refresh, and a sign-out is told', async () => {
    const tab = await bench.openSignedIn()
    bench.server.backing.expire()
    expect(await tab.call('get', 5)).toEqual(['ada', 'ada', 'ada', 'ada', 'ada'])
    expect(bench.server.counters).toMatchObject({
      answered: 5,
      refused: 5,
      refreshes: 1,
      refreshesRefused: 0,
    })
    await tab.call('signOut')
    await expect.poll(() => bench.server.counters.signOuts).toBe(1)
    expect(bench.server.backing.database.idsOf('RefreshToken')).toEqual([])
  })

  test('a reload and a second tab prove the same key, and learn the nonce anew at the price of one refusal each', async () => {
    const tab = await bench.openSignedIn()
    expect(await tab.call('get', 2)).toEqual(['ada', 'ada'])
    expect(bench.server.counters).toMatchObject({ answered: 2, refused: 0 })
    await tab.reload()
    expect(await tab.call('get', 1)).toEqual(['ada'])
    const other = await bench.open()
    expect(await other.call('get', 1)).toEqual(['ada'])
    expect(await other.call('refresh')).toBe('refreshed')
    expect(await tab.call('get', 1)).toEqual(['ada'])
    expect(bench.server.counters).toMatchObject({
      answered: 5,
      refused: 2,
      refreshes: 1,
      refreshesRefused: 0,
    })
  })

  test('neither token is of use without the key, and the key does not leave the browser', async () => {
    const tab = await bench.openSignedIn()
    const accessToken = await tab.call('keeps')
    const stolen = await fetch(`${bench.server.url}/me`, {
      headers: { Authorization: `Bearer ${accessToken}` },
    })
    expect(stolen.status).toBe(401)
    const refreshToken = bench.server.backing.database.idsOf('RefreshToken').at(-1) ?? ''
    const body = new URLSearchParams({
      grant_type: 'refresh_token',
      client_id: 'spa',
      refresh_token: refreshToken,
    })
    const theft = await fetch(`${bench.server.url}/token`, { method: 'POST', body })
    expect(theft.status).toBe(400)
    expect(await tab.page.evaluate(keysInDatabase)).toEqual([{ type: 'private', extractable: false }])
    expect(await tab.call('get', 1)).toEqual(['ada'])
  })
})

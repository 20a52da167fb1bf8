import { describe, expect, test } from 'vitest'
import { claimOfEveryServer } from './support/claims.js'
import { createNestServer } from './support/nest-server.js'
import { useServer } from './support/server-bench.js'

describe('NestJS: the refresh token as Bearer, both tokens new after each use', () => {
  const bench = useServer('nest-page.ts', createNestServer)

  claimOfEveryServer(bench)

  test('5 refreshes in a row each bring a new refresh token, and none is sent twice', async () => {
    const tab = await bench.openSignedIn()
    for (let round = 0; round < 5; round++) expect(await tab.call('refresh')).toBe('refreshed')
    expect(await tab.call('get', 1)).toEqual(['ada'])
    expect(bench.server.counters).toMatchObject({ answered: 1, refreshes: 5, refreshesRefused: 0 })
  })

  test('a sign-out tells the server by the access token, and the server forgets the session', async () => {
    const tab = await bench.openSignedIn()
    await tab.call('signOut')
    await expect.poll(() => bench.server.counters.signOuts).toBe(1)
    expect(await tab.call('status')).toBe('signed-out: signed-out')
    expect(await tab.call('told')).toEqual({ 'signed-in': 1, 'signed-out': 1 })
  })
})

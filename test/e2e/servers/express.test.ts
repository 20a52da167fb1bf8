import { describe, expect, test } from 'vitest'
import { claimOfEveryServer } from './support/claims.js'
import { createExpressServer } from './support/express-server.js'
import { useServer } from './support/server-bench.js'

describe('Express with jsonwebtoken: both tokens in headers, after the expiry only', () => {
  const bench = useServer('express-page.ts', createExpressServer)

  claimOfEveryServer(bench)

  test('a refresh before the expiry is not due: the server refuses, and the session goes on as it was', async () => {
    const tab = await bench.openSignedIn()
    const before = await tab.call('keeps')
    await tab.call('refresh')
    expect(await tab.call('keeps')).toBe(before)
    expect(await tab.call('get', 2)).toEqual(['ada', 'ada'])
    expect(bench.server.counters).toMatchObject({ answered: 2, refreshes: 0, refreshesRefused: 1 })
    expect(await tab.call('told')).toMatchObject({ 'signed-in': 1, warning: 1 })
  })
})

import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, inject, test } from 'vitest'
import { isLong } from '../support/is-long.js'
import { createCheckpoint } from './support/checkpoint.js'
import { foundEngines, sharedStores } from './support/found-engines.js'
import { eventually, getInAll, useWorkbench } from './support/workbench.js'

const expiries = isLong ? 20 : 6

const everyRequest = (tabs: number, times: number): string[][] =>
  Array.from({ length: tabs }, () => Array.from({ length: times }, () => 'ada'))

describe.each(foundEngines(inject('engines')))('%s', (name, launch) => {
  const bench = useWorkbench(launch)

  describe.each(sharedStores(name))('tabs that share the store %s', (store) => {
    test('5 tabs with 5 requests each meet an expiry that only the server knows: one refresh', async () => {
      const server = await bench.start()
      const tabs = await bench.openSignedIn(5, { store })
      server.expire()
      expect(await getInAll(tabs, 5)).toEqual(everyRequest(5, 5))
      expect(server.counters).toMatchObject({ accepted: 25, refreshes: 1, refreshesRefused: 0 })
      expect(server.counters.spentTokensReceived).toBe(0)
    })

    test(`${expiries} expiries in a row in 5 tabs cost as many refreshes, and no refresh token is sent twice`, async () => {
      const server = await bench.start({ latencyMs: 60 })
      const tabs = await bench.openSignedIn(5, { store })
      for (let round = 1; round <= expiries; round++) {
        server.expire()
        expect(await getInAll(tabs, 2, 0)).toEqual(everyRequest(5, 2))
        expect(server.counters).toMatchObject({ refreshes: round, refreshesRefused: 0 })
      }
      expect(server.counters).toMatchObject({ accepted: 10 * expiries, spentTokensReceived: 0 })
    })
  })

  test('5 tabs with 5 requests each meet an expiry that they know: one refresh, none refused', async () => {
    const server = await bench.start({ accessTokenLifetimeMs: 2500 })
    const tabs = await bench.openSignedIn(5)
    await sleep(2500)
    // The next ones live long enough for a busy machine.
    server.rules.accessTokenLifetimeMs = 60_000
    expect(await getInAll(tabs, 5)).toEqual(everyRequest(5, 5))
    expect(server.counters).toMatchObject({ accepted: 25, refused: 0, refreshes: 1, refreshesRefused: 0 })
    expect(server.counters.spentTokensReceived).toBe(0)
  })

  test('a tab that is opened in mid-refresh waits for it, and uses what it brings', async () => {
    const server = await bench.start()
    const [tab] = await bench.openSignedIn(1)
    const rotated = createCheckpoint()
    server.expire()
    server.nextRefresh({ afterRotation: rotated })
    const early = tab?.call('get', 2)
    await rotated.reached
    const newcomer = await bench.open()
    const late = newcomer.call('get', 2)
    await eventually(() => server.counters.refused).toBe(4)
    rotated.open()
    expect(await early).toEqual(['ada', 'ada'])
    expect(await late).toEqual(['ada', 'ada'])
    expect(server.counters).toMatchObject({ refreshes: 1, spentTokensReceived: 0 })
    expect(await newcomer.call('told')).toMatchObject({ adopted: 1 })
  })

  // By the heartbeat, which is the same over every engine's timers and channels.
  if (name === 'Chromium' || isLong) {
    test('a holder of the lock whose server takes 13 s is not robbed, though a silent one would be after 10', async () => {
      const server = await bench.start()
      const tabs = await bench.openSignedIn(3)
      server.expire()
      server.nextRefresh({ delayMs: 13_000 })
      expect(await getInAll(tabs, 2)).toEqual(everyRequest(3, 2))
      expect(server.counters).toMatchObject({ accepted: 6, refreshes: 1, spentTokensReceived: 0 })
    })
  }
})

import { describe, expect, inject, test } from 'vitest'
import type { Tab } from './support/engine.js'
import { enginesInTurn } from './support/found-engines.js'
import { getInAll, useWorkbench } from './support/workbench.js'

describe.each(enginesInTurn(inject('engines')))('%s', (_, launch) => {
  const bench = useWorkbench(launch)

  test('IndexedDB that never answers is waited for once: from then on all works at once, from memory', async () => {
    const server = await bench.start()
    // It is there when the first reading has been given up.
    const tab = await bench.open({ database: 'silent' })
    expect(await tab.call('status')).toBe('signed-out: none')
    await tab.call('holdLongTimers')
    await tab.call('signIn', 'ada')
    expect(await tab.call('get', 2)).toEqual(['ada', 'ada'])
    for (let round = 1; round <= 3; round++) {
      server.expire()
      expect(await tab.call('get', 2)).toEqual(['ada', 'ada'])
      expect(server.counters).toMatchObject({ refreshes: round, spentTokensReceived: 0 })
    }
    expect(await tab.call('told')).toMatchObject({ 'store-failed': 1, 'refresh-succeeded': 3 })
    await tab.call('signOut')
    expect(await tab.call('status')).toBe('signed-out: signed-out')
  })

  test('a store that can be neither written nor cleared, in two tabs: nobody sends what the other has spent', async () => {
    const server = await bench.start()
    const tabs = (await bench.openSignedIn(2, { store: 'full' })) as [Tab, Tab]
    const [tab, other] = tabs
    for (const each of tabs) await each.call('fillUp')
    server.expire()
    expect(await tab.call('get', 2)).toEqual(['ada', 'ada'])
    expect(await other.call('get', 2)).toEqual(['401', '401'])
    for (let round = 2; round <= 3; round++) {
      server.expire()
      expect((await getInAll(tabs, 1)).flat()).toEqual(['ada', '401'])
      expect(server.counters).toMatchObject({ refreshes: round, spentTokensReceived: 0, familiesRevoked: 0 })
    }
    await other.call('signIn', 'ada')
    expect(await other.call('get', 1)).toEqual(['ada'])
    expect(server.counters).toMatchObject({ refreshesRefused: 0, spentTokensReceived: 0 })
  })
})

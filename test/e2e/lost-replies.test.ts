import { describe, expect, inject, test } from 'vitest'
import { createCheckpoint } from './support/checkpoint.js'
import { enginesInTurn } from './support/found-engines.js'
import { eventually, getInAll, useWorkbench } from './support/workbench.js'

describe.each(enginesInTurn(inject('engines')))('%s', (_, launch) => {
  const bench = useWorkbench(launch)

  test('a reply lost after the rotation costs the user nothing where the server has a grace window', async () => {
    const server = await bench.start({ graceMs: 10_000 })
    const tabs = await bench.openSignedIn(3)
    server.expire()
    server.nextRefresh({ lose: 'reply' })
    expect((await getInAll(tabs, 2)).flat()).toEqual(Array.from({ length: 6 }, () => 'ada'))
    expect(server.counters).toMatchObject({ refreshes: 2, spentTokensReceived: 1, familiesRevoked: 0 })
    server.expire()
    expect((await getInAll(tabs, 2)).flat()).toEqual(Array.from({ length: 6 }, () => 'ada'))
    expect(server.counters).toMatchObject({ refreshes: 3, spentTokensReceived: 1, familiesRevoked: 0 })
  })

  test('a reply that breaks off in the middle is lost as well: it is asked for once more at once', async () => {
    const server = await bench.start({ graceMs: 10_000 })
    const tabs = await bench.openSignedIn(3)
    server.expire()
    server.nextRefresh({ lose: 'body' })
    expect((await getInAll(tabs, 2)).flat()).toEqual(Array.from({ length: 6 }, () => 'ada'))
    expect(server.counters).toMatchObject({ refreshes: 2, spentTokensReceived: 1, familiesRevoked: 0 })
  })

  test('a reply lost after the rotation ends the session where the server has none: told once in every tab', async () => {
    const server = await bench.start()
    const tabs = await bench.openSignedIn(3)
    server.expire()
    server.nextRefresh({ lose: 'reply' })
    expect((await getInAll(tabs, 1)).flat()).toEqual(['401', '401', '401'])
    for (const tab of tabs) {
      await eventually(() => tab.call('status')).toBe('signed-out: expired')
      expect(await tab.call('told')).toMatchObject({ expired: 1 })
    }
    expect(server.counters).toMatchObject({ refreshes: 1, spentTokensReceived: 1, familiesRevoked: 1 })
  })

  test('a request lost before the rotation is sent once more at once, and nothing is spent twice', async () => {
    const server = await bench.start()
    const tabs = await bench.openSignedIn(3)
    server.expire()
    server.nextRefresh({ lose: 'request' })
    expect((await getInAll(tabs, 2)).flat()).toEqual(Array.from({ length: 6 }, () => 'ada'))
    expect(server.counters).toMatchObject({ refreshes: 1, spentTokensReceived: 0 })
  })

  test("a reply that comes after the callers' time-out is stored, and serves all tabs", async () => {
    const server = await bench.start()
    const [tab, other] = await bench.openSignedIn(2, { refreshTimeoutMs: 1000 })
    const rotated = createCheckpoint()
    server.expire()
    server.nextRefresh({ afterRotation: rotated })
    expect(await tab?.call('get', 2)).toEqual(['401', '401'])
    rotated.open()
    await eventually(() => other?.call('told')).toMatchObject({ adopted: 1 })
    expect(await tab?.call('get', 1)).toEqual(['ada'])
    expect(await other?.call('get', 1)).toEqual(['ada'])
    const newcomer = await bench.open()
    expect(await newcomer.call('get', 1)).toEqual(['ada'])
    expect(server.counters).toMatchObject({ accepted: 3, refused: 2, refreshes: 1, spentTokensReceived: 0 })
  })
})

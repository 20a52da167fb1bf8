import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, inject, test } from 'vitest'
import { launchChromium } from './support/chromium.js'
import { eventually, getInAll, useWorkbench } from './support/workbench.js'

describe('Chromium alone, for the drivers of the others take no network away', () => {
  const bench = useWorkbench(() => launchChromium(inject('engines').chromium))

  test('without a network nobody asks and nobody is signed out; when it is back, one refresh serves all tabs unasked', async () => {
    const server = await bench.start({ accessTokenLifetimeMs: 3000 })
    const tabs = await bench.openSignedIn(4)
    await sleep(3000)
    await bench.engine.context.setOffline(true)
    expect((await getInAll(tabs, 2)).flat()).toEqual(Array.from({ length: 8 }, () => 'ERR_NETWORK'))
    for (const tab of tabs) expect(await tab.call('status')).toBe('signed-in')
    expect(server.counters).toMatchObject({ accepted: 0, refused: 0, refreshes: 0, refreshesRefused: 0 })

    await bench.engine.context.setOffline(false)
    await eventually(() => server.counters.refreshes).toBe(1)
    expect((await getInAll(tabs, 2)).flat()).toEqual(Array.from({ length: 8 }, () => 'ada'))
    expect(server.counters).toMatchObject({ accepted: 8, refused: 0, refreshes: 1, spentTokensReceived: 0 })
  })
})

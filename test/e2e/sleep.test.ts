import { describe, expect, inject, test } from 'vitest'
import { createCheckpoint } from './support/checkpoint.js'
import type { ChromiumTab } from './support/chromium.js'
import { launchSleepyChromium, setLifecycle } from './support/sleepy-chromium.js'
import { eventually, useWorkbench } from './support/workbench.js'

describe('Chromium alone, for the others let no test put a tab to sleep', () => {
  const bench = useWorkbench(() => launchSleepyChromium(inject('engines').chromium))

  const open = (count: number): Promise<ChromiumTab[]> => bench.openSignedIn(count)

  test('the holder freezes in mid-refresh: the others are served while it sleeps, and woken it adopts and spends nothing', async () => {
    const server = await bench.start()
    const [holder, ...others] = (await open(4)) as [ChromiumTab, ...ChromiumTab[]]
    const asked = createCheckpoint()
    server.expire()
    server.nextRefresh({ beforeRotation: asked, lose: 'request' })
    const held = holder.call('get', 1)
    await asked.reached
    await setLifecycle(holder, 'frozen')
    asked.open()
    for (const tab of others) {
      await expect.poll(() => tab.call('get', 1), { timeout: 60_000 }).toEqual(['ada'])
    }
    expect(server.counters).toMatchObject({ refreshes: 1, spentTokensReceived: 0 })
    await setLifecycle(holder, 'active')
    expect(['ada', '401']).toContain((await held)[0])
    expect(await holder.call('get', 1)).toEqual(['ada'])
    expect(await holder.call('told')).toMatchObject({ adopted: 1 })
    expect(server.counters).toMatchObject({ refreshes: 1, refreshesRefused: 0, spentTokensReceived: 0 })
  })

  test('a hidden holder whose server takes 13 s is not robbed, though its timers come once a second', async () => {
    const server = await bench.start()
    const tabs = await bench.openSignedIn(3, { refreshTimeoutMs: 60_000 })
    const [holder, ...others] = tabs as [ChromiumTab, ...ChromiumTab[]]
    expect(await holder.page.evaluate(() => document.visibilityState)).toBe('hidden')
    server.expire()
    server.nextRefresh({ delayMs: 13_000 })
    const held = holder.call('get', 1)
    await eventually(() => server.counters.refused).toBe(1)
    expect(await Promise.all(others.map((tab) => tab.call('get', 1)))).toEqual([['ada'], ['ada']])
    expect(await held).toEqual(['ada'])
    expect(server.counters).toMatchObject({ accepted: 3, refreshes: 1, spentTokensReceived: 0 })
  })

  test('a tab that freezes while it waits for the lock does not keep it from the others', async () => {
    const server = await bench.start()
    const [holder, waiter, ...others] = (await open(4)) as [ChromiumTab, ChromiumTab, ...ChromiumTab[]]
    const asked = createCheckpoint()
    server.expire()
    server.nextRefresh({ beforeRotation: asked, lose: 'request' })
    const first = holder.call('get', 1)
    await asked.reached
    const second = waiter.call('get', 1)
    await eventually(() => server.counters.refused).toBe(2)
    await setLifecycle(waiter, 'frozen')
    const rest = Promise.all(others.map((tab) => tab.call('get', 1)))
    await eventually(() => server.counters.refused).toBe(4)
    await holder.close()
    await first.catch(() => {})
    asked.open()
    expect(await rest).toEqual([['ada'], ['ada']])
    for (const tab of others) expect(await tab.call('steals')).toBe(0)
    await setLifecycle(waiter, 'active')
    expect(await second).toEqual(['ada'])
    expect(server.counters).toMatchObject({ refreshes: 1, refreshesRefused: 0, spentTokensReceived: 0 })
  })

  test('a tab that slept through three refreshes reads the store before it sends what it remembers', async () => {
    const server = await bench.start()
    const [sleeper, other] = (await open(2)) as [ChromiumTab, ChromiumTab]
    await setLifecycle(sleeper, 'frozen')
    for (let round = 1; round <= 3; round++) {
      server.expire()
      expect(await other.call('get', 1)).toEqual(['ada'])
    }
    expect(server.counters).toMatchObject({ refreshes: 3, refused: 3 })
    expect(await other.call('told')).not.toHaveProperty('store-failed')
    await setLifecycle(sleeper, 'active')
    expect(await sleeper.call('get', 2)).toEqual(['ada', 'ada'])
    expect(server.counters).toMatchObject({ refreshes: 3, refused: 3, spentTokensReceived: 0 })
  })

  test('the user signs out while a tab sleeps: woken, it is signed out and sends nothing', async () => {
    const server = await bench.start()
    const [sleeper, other] = (await open(2)) as [ChromiumTab, ChromiumTab]
    await setLifecycle(sleeper, 'frozen')
    await other.call('signOut')
    await setLifecycle(sleeper, 'active')
    await eventually(() => sleeper.call('status')).toBe('signed-out: signed-out')
    expect(server.counters).toMatchObject({ accepted: 0, refused: 0, refreshes: 0 })
  })

  test('the holder goes into the back-forward cache in mid-refresh: the others go on, and back again it is served', async () => {
    const server = await bench.start()
    const [holder, ...others] = (await open(3)) as [ChromiumTab, ...ChromiumTab[]]
    const asked = createCheckpoint()
    server.expire()
    server.nextRefresh({ beforeRotation: asked, lose: 'request' })
    holder.call('get', 1).catch(() => {})
    await asked.reached
    const rest = Promise.all(others.map((tab) => tab.call('get', 1)))
    await eventually(() => server.counters.refused).toBe(3)
    await holder.page.evaluate(() => location.assign('/elsewhere'))
    await holder.page.waitForURL('**/elsewhere')
    asked.open()
    expect(await rest).toEqual([['ada'], ['ada']])
    await holder.page.evaluate(() => history.back())
    await holder.page.waitForFunction(() => window.app?.ready().then(() => true))
    expect(await holder.call('get', 1)).toEqual(['ada'])
    expect(server.counters).toMatchObject({ refreshes: 1, refreshesRefused: 0, spentTokensReceived: 0 })
  })

  test('a page that comes back from the back-forward cache alone goes on with its refresh', async () => {
    const server = await bench.start()
    const [tab] = (await open(1)) as [ChromiumTab]
    server.expire()
    server.nextRefresh({ lose: 'request', delayMs: 300 })
    tab.call('get', 1).catch(() => {})
    await eventually(() => server.counters.refused).toBe(1)
    await tab.page.evaluate(() => location.assign('/elsewhere'))
    await tab.page.waitForURL('**/elsewhere')
    await tab.page.evaluate(() => history.back())
    await tab.page.waitForFunction(() => window.app?.ready().then(() => true))
    expect(await tab.call('restored')).toBe(1)
    expect(await tab.call('get', 1)).toEqual(['ada'])
    expect(server.counters).toMatchObject({ refreshes: 1, refreshesRefused: 0, spentTokensReceived: 0 })
  })
})

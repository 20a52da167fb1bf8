import { describe, expect, inject, test } from 'vitest'
import { launchChromium, tabOf } from './support/chromium.js'
import type { Tab } from './support/engine.js'
import { foundEngines } from './support/found-engines.js'
import { getInAll, useWorkbench } from './support/workbench.js'

describe.each(foundEngines(inject('engines')))('%s', (_, launch) => {
  const bench = useWorkbench(launch)

  test('sessionStorage copied into another tab: the copy never spends what the original spent, nor the other way round', async () => {
    const server = await bench.start()
    const [original] = (await bench.openSignedIn(1, { store: 'session' })) as [Tab]
    const copy = await bench.open({ store: 'session' })
    await copy.call('paste', await original.call('copy'))
    await copy.reload()
    expect(await copy.call('status')).toBe('signed-in')
    for (let round = 1; round <= 3; round++) {
      server.expire()
      const [first = [], second = []] = await getInAll([original, copy], 2)
      expect([first, second]).toContainEqual(['ada', 'ada'])
      expect(server.counters).toMatchObject({ refreshes: round, spentTokensReceived: 0, familiesRevoked: 0 })
    }
  })

  test('two sessions of different names on one origin have nothing in common', async () => {
    const server = await bench.start()
    const [ada, grace] = [await bench.open({ name: 'first' }), await bench.open({ name: 'second' })]
    await ada.call('signIn', 'ada')
    await grace.call('signIn', 'grace')
    server.expire()
    expect(await getInAll([ada, grace], 2)).toEqual([
      ['ada', 'ada'],
      ['grace', 'grace'],
    ])
    await ada.call('signOut')
    expect(await grace.call('get', 1)).toEqual(['grace'])
    expect(await grace.call('told')).not.toHaveProperty('signed-out')
    expect(server.counters).toMatchObject({ refreshes: 2, spentTokensReceived: 0 })
  })

  test.each(['indexeddb', 'local'] as const)(
    'the record of a newer version in the store %s is left alone, and the user is served from memory',
    async (store) => {
      const server = await bench.start()
      const newer = { version: 2, session: 'later', generation: 7, secret: 'unknown' }
      const tab = await bench.open({ store })
      await tab.call('writeRecord', store, newer)
      await tab.reload()
      expect(await tab.call('status')).toBe('signed-out: none')
      await tab.call('signIn', 'ada')
      server.expire()
      expect(await tab.call('get', 2)).toEqual(['ada', 'ada'])
      expect(await tab.call('told')).toHaveProperty('store-failed')
      await tab.call('signOut')
      expect(await tab.call('readRecord', store)).toEqual(newer)
      expect(server.counters).toMatchObject({ refreshes: 1, spentTokensReceived: 0 })
    },
  )

  test('where IndexedDB is refused, the user is served from memory, and nothing goes to localStorage or sessionStorage', async () => {
    const server = await bench.start()
    const tab = await bench.open({ database: 'refused' })
    await tab.call('signIn', 'ada')
    server.expire()
    expect(await tab.call('get', 2)).toEqual(['ada', 'ada'])
    expect(await tab.call('told')).toHaveProperty('store-failed')
    expect(await tab.call('readRecord', 'local')).toBeNull()
    expect(await tab.call('copy')).toEqual({})
    expect(server.counters).toMatchObject({ refreshes: 1, spentTokensReceived: 0 })
    await tab.reload()
    expect(await tab.call('status')).toBe('signed-out: none')
  })

  test('a rotating cookie and tokens in memory: 3 tabs at 4 expiries never spend the cookie twice', async () => {
    const server = await bench.start()
    const options = { store: 'memory', send: 'cookie' } as const
    const tabs = [await bench.open(options), await bench.open(options), await bench.open(options)]
    for (const tab of tabs) await tab.call('signIn', 'ada')
    for (let round = 1; round <= 4; round++) {
      server.expire()
      expect((await getInAll(tabs, 2, 0)).flat()).toEqual(Array.from({ length: 6 }, () => 'ada'))
    }
    expect(server.counters).toMatchObject({ refreshes: 12, refreshesRefused: 0, spentTokensReceived: 0 })
  })
})

describe('Chromium alone, for the drivers of the others do not follow a window that a page opens', () => {
  const bench = useWorkbench(() => launchChromium(inject('engines').chromium))

  test('a window opened by the page takes its sessionStorage along, and neither spends what the other spent', async () => {
    const server = await bench.start()
    const [original] = await bench.openSignedIn(1, { store: 'session' })
    if (!original) throw new Error('no tab')
    const opening = bench.engine.context.waitForEvent('page')
    await original.page.evaluate(() => void window.open(location.href))
    const copy = await tabOf(await opening)
    expect(await copy.call('status')).toBe('signed-in')
    server.expire()
    expect(await getInAll([original, copy], 2)).toContainEqual(['ada', 'ada'])
    server.expire()
    expect(await getInAll([original, copy], 2)).toContainEqual(['ada', 'ada'])
    expect(server.counters).toMatchObject({ refreshes: 2, spentTokensReceived: 0, familiesRevoked: 0 })
  })
})

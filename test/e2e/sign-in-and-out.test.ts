import { describe, expect, inject, test } from 'vitest'
import { type Checkpoint, createCheckpoint } from './support/checkpoint.js'
import type { Tab } from './support/engine.js'
import { foundEngines, sharedStores } from './support/found-engines.js'
import { eventually, useWorkbench } from './support/workbench.js'

describe.each(foundEngines(inject('engines')))('%s', (name, launch) => {
  const bench = useWorkbench(launch)

  const told = (tab: Tab, event: string): Promise<number> =>
    tab.call('told').then((count) => (count as Record<string, number>)[event] ?? 0)

  describe.each(sharedStores(name))('tabs that share the store %s', (store) => {
    /** Three tabs, of which the first is refreshing: the server has rotated and keeps its reply back. */
    async function openInMidRefresh(): Promise<{
      tabs: [Tab, Tab, Tab]
      held: Promise<string[]>
      rotated: Checkpoint
    }> {
      const server = await bench.start()
      const tabs = (await bench.openSignedIn(3, { store })) as unknown as [Tab, Tab, Tab]
      const rotated = createCheckpoint()
      server.expire()
      server.nextRefresh({ afterRotation: rotated })
      const held = tabs[0].call('get', 2)
      await rotated.reached
      return { tabs, held, rotated }
    }

    test('a sign-in in one tab signs the others in', async () => {
      await bench.start()
      const tabs = [await bench.open({ store }), await bench.open({ store }), await bench.open({ store })]
      await tabs[0]?.call('signIn', 'ada')
      for (const tab of tabs) {
        await eventually(() => tab.call('status')).toBe('signed-in')
        expect(await tab.call('get', 1)).toEqual(['ada'])
        expect(await tab.call('told')).toEqual({ 'signed-in': 1 })
      }
      expect(bench.server.counters).toMatchObject({ accepted: 3, refused: 0, refreshes: 0 })
    })

    test('a sign-out in one tab while another refreshes signs all out, and what the refresh brings is dropped', async () => {
      const { tabs, held, rotated } = await openInMidRefresh()
      await tabs[1].call('signOut')
      for (const tab of tabs) {
        await eventually(() => tab.call('status')).toBe('signed-out: signed-out')
      }
      rotated.open()
      await held
      const newcomer = await bench.open({ store })
      expect(await newcomer.call('status')).toBe('signed-out: none')
      for (const tab of tabs) {
        expect(await tab.call('status')).toBe('signed-out: signed-out')
        expect(await told(tab, 'signed-out')).toBe(1)
      }
      expect(bench.server.counters).toMatchObject({ accepted: 0, refreshes: 1, spentTokensReceived: 0 })
    })

    test('another user in one tab while another refreshes: no request of the first is replayed, and all tabs are the second', async () => {
      const { tabs, held, rotated } = await openInMidRefresh()
      await tabs[1].call('signIn', 'grace')
      for (const tab of tabs) await eventually(() => tab.call('get', 1)).toEqual(['grace'])
      rotated.open()
      expect(await held).toEqual(['401', '401'])
      const newcomer = await bench.open({ store })
      for (const tab of [...tabs, newcomer]) expect(await tab.call('get', 1)).toEqual(['grace'])
      expect(bench.server.counters).toMatchObject({ refreshes: 1, spentTokensReceived: 0 })
    })

    test('an end that the server decrees is told once in every tab, and not taken for the end of the next session', async () => {
      const server = await bench.start()
      const tabs = await bench.openSignedIn(3, { store })
      server.revoke('ada')
      const outcomes = await Promise.all(tabs.map((tab) => tab.call('get', 3)))
      expect(outcomes.flat()).toEqual(Array.from({ length: 9 }, () => '401'))
      for (const tab of tabs) {
        await eventually(() => tab.call('status')).toBe('signed-out: expired')
        expect(await told(tab, 'expired')).toBe(1)
        expect(await told(tab, 'signed-out')).toBe(0)
      }
      expect(server.counters).toMatchObject({ accepted: 0, refreshes: 0, refreshesRefused: 1 })

      await tabs[0]?.call('signIn', 'grace')
      for (const tab of tabs) await eventually(() => tab.call('status')).toBe('signed-in')
      await tabs[0]?.call('signOut')
      for (const tab of tabs) await eventually(() => tab.call('status')).toBe('signed-out: signed-out')
    })
  })
})

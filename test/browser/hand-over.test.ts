import { describe, expect, inject, test } from 'vitest'
import { foundEngines } from './support/found-engines.js'
import { useWorkbench } from './support/workbench.js'

const tabCount = 3
const handOversPerTab = 100

describe.each(foundEngines(inject('engines')))('%s', (_, launch) => {
  const bench = useWorkbench(launch)

  /** How many of 300 refreshes sent a token that was spent. The server forgives all, so that the count goes on. */
  async function countSpent(kind: 'naive' | 'indexeddb' | 'local'): Promise<number> {
    const server = await bench.start({ graceMs: Infinity, accessTokenLifetimeMs: 0, latencyMs: 10 })
    const tabs = []
    while (tabs.length < tabCount) tabs.push(await bench.open())
    await tabs[0]?.call('handOver', kind, 1)
    await Promise.all(tabs.map((tab) => tab.call('handOver', kind, handOversPerTab)))
    expect(server.counters).toMatchObject({ refreshes: tabCount * handOversPerTab, refreshesRefused: 0 })
    return server.counters.spentTokensReceived
  }

  test('lock, read localStorage, fetch, write, release: 300 hand-overs send tokens that are spent', async () => {
    expect(await countSpent('naive')).toBeGreaterThan(0)
  })

  test.each(['indexeddb', 'local'] as const)(
    'with the store %s none of 300 hand-overs sends a token that is spent',
    async (store) => {
      expect(await countSpent(store)).toBe(0)
    },
  )
})

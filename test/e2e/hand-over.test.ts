import { describe, expect, inject, test } from 'vitest'
import { isLong } from '../support/is-long.js'
import { enginesInTurn } from './support/found-engines.js'
import { useWorkbench } from './support/workbench.js'

const tabCount = 3
const handOversPerTab = isLong ? 100 : 20
const handOvers = tabCount * handOversPerTab

describe.each(enginesInTurn(inject('engines')))('%s', (_, launch) => {
  const bench = useWorkbench(launch)

  /** How many of the refreshes sent a token that was spent. The server forgives all, so that the count goes on. */
  async function countSpent(kind: 'naive' | 'indexeddb' | 'local'): Promise<number> {
    const server = await bench.start({ graceMs: Infinity, accessTokenLifetimeMs: 0, latencyMs: 10 })
    const tabs = []
    while (tabs.length < tabCount) tabs.push(await bench.open())
    await tabs[0]?.call('handOver', kind, 1)
    await Promise.all(tabs.map((tab) => tab.call('handOver', kind, handOversPerTab)))
    expect(server.counters).toMatchObject({ refreshes: handOvers, refreshesRefused: 0 })
    return server.counters.spentTokensReceived
  }

  // Shows what the others are free of; but a few may go well by chance.
  if (isLong) {
    test(`lock, read localStorage, fetch, write, release: ${handOvers} hand-overs send tokens that are spent`, async () => {
      expect(await countSpent('naive')).toBeGreaterThan(0)
    })
  }

  test.each(['indexeddb', 'local'] as const)(
    `with the store %s none of ${handOvers} hand-overs sends a token that is spent`,
    async (store) => {
      expect(await countSpent(store)).toBe(0)
    },
  )
})

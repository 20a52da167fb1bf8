import { expect, test } from 'vitest'
import type { Tab } from '../../support/engine.js'
import type { ServerBench } from './server-bench.js'

const lifetimeS = 1
const times = (count: number, outcome: string): string[] => Array.from({ length: count }, () => outcome)

/** As many requests at once as soon as the access token that was just received has expired. */
const getAtExpiry = (tab: Tab, count: number): Promise<string[]> =>
  tab.call('get', count, Date.now() + lifetimeS * 1000)

/** What holds with every server, whatever its protocol. */
export function claimOfEveryServer(bench: ServerBench): void {
  test('20 requests at once over the expiry: none is refused, and the server counts one refresh', async () => {
    const tab = await bench.openSignedIn(lifetimeS)
    expect(await tab.call('status')).toBe('signed-in')
    expect(await getAtExpiry(tab, 20)).toEqual(times(20, 'ada'))
    const expected = { answered: 20, refused: 0, refreshes: 1, refreshesRefused: 0 }
    expect(bench.server.counters).toMatchObject(expected)
    expect(await tab.call('told')).toEqual({ 'signed-in': 1, 'refresh-started': 1, 'refresh-succeeded': 1 })
  })

  test('a refresh that the server refuses ends the session: no request goes out, and it is told once', async () => {
    const tab = await bench.openSignedIn(lifetimeS)
    await bench.server.backing.revoke('ada')
    expect(await getAtExpiry(tab, 5)).toEqual(times(5, 'SESSION_EXPIRED'))
    expect(await tab.call('status')).toBe('signed-out: expired')
    expect(await tab.call('told')).toMatchObject({ expired: 1 })
    expect(await tab.call('told')).not.toHaveProperty('signed-out')
    expect(bench.server.counters).toMatchObject({
      answered: 0,
      refused: 0,
      refreshes: 0,
      refreshesRefused: 1,
    })
  })

  test('the session outlives its server: calls fail while it is away, and one refresh serves all when it is back', async () => {
    const tab = await bench.openSignedIn(lifetimeS)
    await bench.server.stop()
    expect(await getAtExpiry(tab, 3)).toEqual(times(3, 'ERR_NETWORK'))
    expect(await tab.call('status')).toBe('signed-in')
    await bench.server.startAgain()
    expect(await tab.call('get', 10)).toEqual(times(10, 'ada'))
    const expected = { answered: 10, refused: 0, refreshes: 1, refreshesRefused: 0 }
    expect(bench.server.counters).toMatchObject(expected)
  })
}

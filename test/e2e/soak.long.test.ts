import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, inject, test } from 'vitest'
import { createRandom } from '../../scripts/seeded-random.mjs'
import type { Fault } from './support/auth-server.js'
import { launchChromium } from './support/chromium.js'
import type { Tab } from './support/engine.js'
import { useWorkbench } from './support/workbench.js'

const seed = 20_260_301
const tabCount = 5
const expiries = 200

describe('Chromium alone, for its tabs open fastest', () => {
  const bench = useWorkbench(() => launchChromium(inject('engines').chromium))

  test(`${tabCount} tabs, ${expiries} expiries with random delays, lost replies, closings and reloads (seed ${seed}): no request fails, no refresh token is sent again without need, nobody is signed out`, {
    timeout: 3_600_000,
  }, async () => {
    const random = createRandom(seed)
    const upTo = (limit: number): number => Math.floor(random() * limit)
    const server = await bench.start({ graceMs: 10_000 })
    const tabs: Tab[] = await bench.openSignedIn(tabCount)
    /** Page loads that were closed or reloaded: what they were told of, nobody heard. */
    const gone = new Set<string>()

    const fault = (): Fault => {
      const kind = random()
      const delayMs = upTo(80)
      if (kind < 0.1) return { delayMs, lose: 'reply' }
      if (kind < 0.15) return { delayMs, lose: 'request' }
      return { delayMs }
    }

    /** Closes or reloads one of the tabs now and then, at any moment of the round; returns which. */
    async function disturb(): Promise<number | undefined> {
      const kind = random()
      const index = upTo(tabCount)
      const afterMs = upTo(200)
      const tab = tabs[index]
      if (kind > 0.2 || !tab) return undefined
      gone.add(await tab.call('load'))
      await sleep(afterMs)
      if (kind < 0.1) {
        await tab.close()
        tabs[index] = await bench.open()
      } else {
        await tab.reload()
      }
      return index
    }

    let requests = 0
    for (let round = 1; round <= expiries; round++) {
      server.expire()
      server.nextRefresh(fault())
      const now = Date.now()
      const calls = tabs.map((tab) => tab.call('get', 1 + upTo(3), now + upTo(150)).catch(() => 'gone'))
      const disturbed = await disturb()
      const outcomes = await Promise.all(calls)
      outcomes.forEach((outcome, index) => {
        if (index === disturbed) return
        requests += outcome.length
        expect(outcome, `round ${round}, tab ${index}`).toEqual(Array.from(outcome, () => 'ada'))
      })
    }

    for (const tab of tabs) {
      expect(await tab.call('status')).toBe('signed-in')
      const told = await tab.call('told')
      expect(told).not.toHaveProperty('expired')
      expect(told).not.toHaveProperty('signed-out')
    }
    const needless = server.reuses.filter(({ spentBy, wasReplyLost }) => !wasReplyLost && !gone.has(spentBy))
    expect(needless).toEqual([])
    expect(server.reuses.every(({ isForgiven }) => isForgiven)).toBe(true)
    expect(server.counters).toMatchObject({ refreshesRefused: 0, familiesRevoked: 0 })
    expect(server.counters.refreshes - server.counters.spentTokensReceived).toBe(expiries)
    expect(requests).toBeGreaterThan(expiries * tabCount)
  })
})

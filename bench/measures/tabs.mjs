import { setTimeout as sleep } from 'node:timers/promises'
import { call, launch, open, pageFiles } from '../browser.mjs'
import { peers } from '../peers/index.mjs'
import { barsOf } from '../plot.mjs'
import { startServer } from '../server.mjs'
import { tableOf } from '../table.mjs'

const tabCount = 5
const requestsPerTab = 4
const lifeMs = 500
const refreshMs = 50

/**
 * Tabs of one user that meet the same expiries, by the server's counters.
 *
 * @param {{ expiries?: number }} [options]
 */
export async function measureTabs({ expiries = 20 } = {}) {
  const files = await pageFiles()
  const browser = await launch()
  const rows = []
  for (const [key, { name }] of Object.entries(peers)) {
    const server = await startServer({ files, lifeMs, refreshMs })
    const context = await browser.newContext()
    const options = { peer: key, expiry: 'known', aheadMs: '0' }
    const tabs = await Promise.all(
      Array.from({ length: tabCount }, () => open(context, server.origin, options)),
    )
    let lostSessions = 0
    let failed = 0
    /** Anew in all tabs, as after a redirect to a sign-in page. */
    async function signIn() {
      await call(tabs[0], 'signIn', server.signIn())
      await Promise.all(tabs.slice(1).map((tab) => tab.reload()))
      await Promise.all(tabs.map((tab) => tab.waitForFunction(() => 'bench' in globalThis)))
    }
    await signIn()
    for (let expiry = 0; expiry < expiries; expiry++) {
      // The token of the last round has been out for less than that.
      await sleep(lifeMs + 20)
      const at = Date.now() + 50
      const accepted = await Promise.all(tabs.map((tab) => call(tab, 'burst', { at, times: requestsPerTab })))
      const failures = tabCount * requestsPerTab - accepted.reduce((sum, one) => sum + one, 0)
      failed += failures
      if (server.counters.revoked > lostSessions) {
        lostSessions = server.counters.revoked
        await signIn()
      }
    }
    rows.push([name, server.counters.refreshCalls, lostSessions, failed])
    await context.close()
    await server.close()
  }
  await browser.close()
  const requests = tabCount * requestsPerTab * expiries
  const table = tableOf(
    [
      `${tabCount} tabs, ${expiries} expiries, Chromium`,
      'refresh calls',
      'sessions lost',
      `of ${requests} requests failed`,
    ],
    [['physical limit', expiries, 0, 0], ...rows],
  )
  const plot = barsOf({
    title: `Refresh calls of ${tabCount} tabs over ${expiries} expiries`,
    subtitle:
      'One for each expiry is enough, and the dashed line. A server that forgives no token twice ends the session.',
    limit: expiries,
    bars: rows.map(([name, calls, lost]) => ({
      name: String(name),
      value: Number(calls),
      label: `${calls}, ${lost === 0 ? 'no session lost' : `${lost} sessions lost`}`,
      isOurs: String(name).startsWith('Latchkey'),
    })),
  })
  return { tables: [table], plots: { 'refreshes-per-expiry.svg': plot } }
}

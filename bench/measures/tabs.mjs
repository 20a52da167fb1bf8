import { setTimeout as sleep } from 'node:timers/promises'
import { call, launch, open, pageFiles } from '../browser.mjs'
import { peers } from '../peers/index.mjs'
import { barsOf } from '../plot.mjs'
import { startServer } from '../server.mjs'
import { lineOf } from '../summary.mjs'
import { tableOf } from '../table.mjs'

const tabCount = 5
const requestsPerTab = 4
const lifeMs = 1000
const refreshMs = 50

/** Counts are the same on a busy machine, as long as a token outlives the requests that brought it. */
const peersAtOnce = 3

/**
 * Tabs of one user that meet the same expiries, by the server's counters.
 *
 * @param {{ expiries?: number }} [options]
 */
export async function measureTabs({ expiries = 20 } = {}) {
  const files = await pageFiles()
  const browser = await launch()
  const waiting = Object.entries(peers)
  /** @type {Map<string, Awaited<ReturnType<typeof countsOf>>>} */
  const counts = new Map()
  const lane = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      counts.set(next[0], await countsOf(next[0], { browser, files, expiries }))
    }
  }
  await Promise.all(Array.from({ length: peersAtOnce }, lane))
  const rows = Object.entries(peers).map(([key, { name }]) => {
    const { refreshCalls = 0, lostSessions = 0, failed = 0 } = counts.get(key) ?? {}
    return { name, refreshCalls, lostSessions, failed }
  })
  await browser.close()
  const requests = tabCount * requestsPerTab * expiries
  const table = tableOf(
    [
      `${tabCount} tabs, ${expiries} expiries, Chromium`,
      'refresh calls',
      'sessions lost',
      `of ${requests} requests failed`,
    ],
    [['physical limit', expiries, 0, 0], ...rows.map((row) => Object.values(row))],
  )
  const plot = barsOf({
    title: `Refresh calls of ${tabCount} tabs over ${expiries} expiries`,
    subtitle:
      'One for each expiry is enough, and the dashed line. A server that forgives no token twice ends the session.',
    limit: expiries,
    bars: rows.map(({ name, refreshCalls, lostSessions }) => ({
      name,
      value: refreshCalls,
      label: `${refreshCalls}, ${lostSessions === 0 ? 'no session lost' : `${lostSessions} sessions lost`}`,
      isOurs: name.startsWith('Latchkey'),
    })),
  })
  const calls = rows.map(({ name, refreshCalls: value }) => ({ name, value }))
  const lost = rows.map(({ name, lostSessions: value }) => ({ name, value }))
  const summary = [
    lineOf({
      figure: `Refreshes for ${tabCount} tabs × ${expiries} expiries`,
      digits: 0,
      found: calls,
    }),
    lineOf({ figure: 'sessions lost meanwhile', digits: 0, found: lost }),
  ]
  return { tables: [table], summary, plots: { 'refreshes-per-expiry.svg': plot } }
}

/**
 * @param {string} key
 * @param {{ browser: Awaited<ReturnType<typeof launch>>, files: Map<string, string>, expiries: number }} place
 */
async function countsOf(key, { browser, files, expiries }) {
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
  const { refreshCalls } = server.counters
  await context.close()
  await server.close()
  return { refreshCalls, lostSessions, failed }
}

import { setTimeout as sleep } from 'node:timers/promises'
import { call, launch, open, pageFiles } from '../browser.mjs'
import { peers } from '../peers/index.mjs'
import { median, quantile } from '../quantile.mjs'
import { startServer } from '../server.mjs'
import { lineOf } from '../summary.mjs'
import { fixed, tableOf } from '../table.mjs'

const held = 1000
const refreshMs = 100
const turns = 5
const heldAtOnce = 10_000

/**
 * A thousand requests that meet an expired token, over one refresh and the same thousand with a valid one. Where the
 * peer knows the expiry that is what it costs to hold them; where it does not, they go out twice.
 */
export async function measureHeldRequests() {
  const files = await pageFiles()
  const browser = await launch()
  const rows = []
  const found = []
  for (const [key, { name }] of Object.entries(peers)) {
    const server = await startServer({ files, refreshMs })
    const context = await browser.newContext()
    const tab = await open(context, server.origin, {
      peer: key,
      expiry: 'known',
      aheadMs: '0',
      patienceMs: '60000',
    })
    const ratios = []
    let failed = 0
    // Who fails once is not asked again: it may take minutes.
    for (let turn = -1; turn < turns && failed === 0; turn++) {
      // Oldest first or newest first makes no difference to a ratio that is taken in each turn.
      server.settings.lifeMs = 3_600_000
      await call(tab, 'signIn', server.signIn())
      const valid = await call(tab, 'time', held)
      server.settings.lifeMs = 50
      await call(tab, 'signIn', server.signIn())
      server.settings.lifeMs = 3_600_000
      await sleep(150)
      const expired = await call(tab, 'time', held)
      if (turn < 0) continue
      failed += held - expired.accepted
      ratios.push(expired.tookMs / (valid.tookMs + refreshMs))
    }
    const micros = await mainThreadMicros(context, server, key)
    found.push({ name, ratio: median(ratios), micros })
    rows.push([
      name,
      fixed(median(ratios)),
      `${fixed(quantile(ratios, 0.25))} to ${fixed(quantile(ratios, 0.75))}`,
      fixed(micros, 0),
      failed > 0 ? `${failed} of ${ratios.length * held}` : 0,
    ])
    await context.close()
    await server.close()
  }
  await browser.close()
  const table = tableOf(
    [
      `Last of ${held} held requests ÷ (one refresh + ${held} with a valid token), Chromium`,
      'median',
      'quartiles',
      `main thread, µs per request of ${heldAtOnce.toLocaleString('en')}`,
      'failed',
    ],
    [['physical limit', '1.00', '', '', 0], ...rows],
  )
  const summary = [
    lineOf({
      figure: `Last of ${held} held requests ÷ one refresh + the same with a valid token`,
      found: found.map(({ name, ratio: value }) => ({ name, value })),
    }),
    lineOf({
      figure: 'Main-thread µs per held request',
      digits: 0,
      found: found.map(({ name, micros: value }) => ({ name, value })),
    }),
  ]
  return { tables: [table], summary }
}

/**
 * What a request that meets an expired token costs the main thread more than one with a valid token. Only the refresh
 * goes over the network.
 *
 * @param {import('playwright').BrowserContext} context @param {Awaited<ReturnType<typeof startServer>>} server @param {string} key
 */
async function mainThreadMicros(context, server, key) {
  const tab = await open(context, server.origin, {
    peer: key,
    expiry: 'known',
    aheadMs: '0',
    noNetwork: '',
    patienceMs: '60000',
  })
  const cdp = await context.newCDPSession(tab)
  await cdp.send('Performance.enable', { timeDomain: 'threadTicks' })
  const busySeconds = async () => {
    const { metrics } = await cdp.send('Performance.getMetrics')
    return metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN
  }
  const more = []
  for (let turn = -1; turn < turns; turn++) {
    const spent = []
    for (const lifeMs of [3_600_000, 50]) {
      server.settings.lifeMs = lifeMs
      await call(tab, 'signIn', server.signIn())
      server.settings.lifeMs = 3_600_000
      await sleep(150)
      const before = await busySeconds()
      await call(tab, 'time', heldAtOnce)
      spent.push((await busySeconds()) - before)
    }
    const [valid = 0, expired = 0] = spent
    if (turn >= 0) more.push((expired - valid) / heldAtOnce)
  }
  return median(more) * 1e6
}

import { call, launch, open, pageFiles } from '../browser.mjs'
import headerOnly from '../peers/header-only.mjs'
import { peers } from '../peers/index.mjs'
import { stripsOf } from '../plot.mjs'
import { quantile } from '../quantile.mjs'
import { startServer } from '../server.mjs'
import { lineOf } from '../summary.mjs'
import { fixed, tableOf } from '../table.mjs'

const lifeMs = 2000
const aheadMs = 1000
const refreshMs = 100
const apiMs = 20
const everyMs = 8
/** What began so long before a refresh, during it or so long after it, counts as "at expiry". */
const aroundMs = 100

/**
 * @typedef {{ from: number, to: number }} Refreshed By `Date.now()`.
 * @typedef {{ name: string, isLimit: boolean, samples: import('../page.mjs').Sample[], refreshed: Refreshed[] }} Run
 */

/**
 * A user who sends a request every 8 ms while tokens expire, and how long each request takes.
 *
 * @param {{ forMs?: number }} [options]
 */
export async function measureLatencyAtExpiry({ forMs = 20_000 } = {}) {
  const files = await pageFiles()
  const browser = await launch()
  /** @type {Run[]} */
  const runs = []
  for (const [key, { name }] of Object.entries({ headerOnly, ...peers })) {
    const isLimit = key === 'headerOnly'
    const server = await startServer({ files, lifeMs: isLimit ? 3_600_000 : lifeMs, refreshMs, apiMs })
    const context = await browser.newContext()
    const tab = await open(context, server.origin, { peer: key, expiry: 'known', aheadMs: String(aheadMs) })
    await call(tab, 'signIn', server.signIn())
    // Until the script is warm.
    await call(tab, 'keepBusy', { everyMs, forMs: 500 })
    server.resetCounters()
    const samples = await call(tab, 'keepBusy', { everyMs, forMs })
    const refreshed = isLimit ? clockwork(samples) : [...server.refreshed]
    runs.push({ name, isLimit, samples, refreshed })
    await context.close()
    await server.close()
  }
  await browser.close()

  /** @type {{ name: string, value: number }[]} */
  const found = []
  const rows = runs.map(({ name, isLimit, samples, refreshed }) => {
    const isAtExpiry = (/** @type {number} */ at) =>
      refreshed.some(({ from, to }) => at > from - aroundMs && at < to + aroundMs)
    const [at, elsewhere] = [true, false].map((wanted) =>
      samples.filter(({ startedAt }) => isAtExpiry(startedAt) === wanted).map(({ tookMs }) => tookMs),
    )
    const [p99At, p99Elsewhere] = [quantile(at, 0.99), quantile(elsewhere, 0.99)]
    const failed = samples.filter(({ isAccepted }) => !isAccepted).length
    if (!isLimit) found.push({ name, value: p99At / p99Elsewhere })
    return [
      name,
      fixed(p99At / p99Elsewhere),
      fixed(p99At, 0),
      fixed(p99Elsewhere, 0),
      fixed(quantile(at, 0.5) / quantile(elsewhere, 0.5)),
      isLimit ? 0 : refreshed.length,
      `${failed} of ${samples.length}`,
    ]
  })
  const table = tableOf(
    [
      'A request every 8 ms, refresh 100 ms, Chromium',
      'p99 at expiry ÷ elsewhere',
      'p99 at expiry, ms',
      'elsewhere, ms',
      'medians’ ratio',
      'refreshes',
      'failed',
    ],
    rows,
  )
  const summary = [lineOf({ figure: 'p99 of a busy user at an expiry ÷ elsewhere', found })]
  return { tables: [table], summary, plots: { 'latency-at-expiry.svg': plotOf(runs) } }
}

/** Where refreshes would have been: what is found there is chance. @param {Run['samples']} samples @returns {Refreshed[]} */
function clockwork(samples) {
  const [start = 0, end = 0] = [samples[0]?.startedAt, samples.at(-1)?.startedAt]
  const found = []
  for (let from = start + aheadMs / 2; from < end; from += lifeMs - aheadMs)
    found.push({ from, to: from + refreshMs })
  return found
}

/** @param {Run[]} runs */
function plotOf(runs) {
  const spanMs = 2 * lifeMs
  return stripsOf({
    title: 'How long the requests of a busy user take while tokens expire',
    subtitle: `One dot is one request, a strip is ${spanMs / 1000} s; the API takes ${apiMs} ms, a refresh ${refreshMs} ms, a token lives ${lifeMs / 1000} s.`,
    mostMs: 250,
    spanMs,
    rows: runs.map(({ name, samples }) => ({
      name,
      dots: samples
        .map(({ startedAt, tookMs }) => ({ atMs: startedAt - (samples[0]?.startedAt ?? 0), tookMs }))
        .filter(({ atMs }) => atMs < spanMs),
      isOurs: name.startsWith('Latchkey'),
    })),
  })
}

import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, inject, test } from 'vitest'
import { pageUrl } from './support/page-options.js'
import {
  launchPrerenderingChromium,
  type PrerenderingTab,
  prerender,
  show,
} from './support/prerendering-chromium.js'
import { eventually, useWorkbench } from './support/workbench.js'

describe('Chromium alone, for the others prerender no pages', () => {
  const bench = useWorkbench(() => launchPrerenderingChromium(inject('engines').chromium))

  test('a prerendered page whose token was refused asks for no lock and no tokens, and lets no limit run, until it is shown', async () => {
    const refreshTimeoutMs = 500
    const server = await bench.start()
    const [tab] = (await bench.openSignedIn(1)) as [PrerenderingTab]
    const url = pageUrl(server.url, { role: 'teller', refreshTimeoutMs })
    server.expire()
    await prerender(tab, url)
    await eventually(() => server.told).toEqual(['out of sight: request-held'])
    await sleep(4 * refreshTimeoutMs)
    expect(server.told).toEqual(['out of sight: request-held'])
    expect(server.counters).toMatchObject({ refused: 1, refreshes: 0, refreshesRefused: 0 })

    await show(tab, url)
    await eventually(() => server.told).toContain('in sight: outcome ada')
    expect(server.told.filter((what) => what.includes('lock'))).toEqual(['in sight: lock'])
    expect(server.told).toContain('in sight: refresh-succeeded')
    expect(server.counters).toMatchObject({ accepted: 1, refused: 1, refreshes: 1, spentTokensReceived: 0 })
  })

  test('a prerendered page does not rob the live holder of the lock when it is shown 11 s later: it adopts', async () => {
    const options = { refreshTimeoutMs: 20_000 }
    const server = await bench.start()
    const [holder, tab] = (await bench.openSignedIn(2, options)) as [PrerenderingTab, PrerenderingTab]
    const url = pageUrl(server.url, { role: 'teller', ...options })
    server.expire()
    server.nextRefresh({ delayMs: 13_000 })
    const held = holder.call('get', 1)
    await eventually(() => server.counters.refused).toBe(1)
    await prerender(tab, url)
    await eventually(() => server.told).toEqual(['out of sight: request-held'])
    // A holder that had said nothing for so long would be robbed.
    await sleep(11_000)
    expect(server.told).toEqual(['out of sight: request-held'])
    await show(tab, url)
    expect(await held).toEqual(['ada'])
    await eventually(() => server.told).toContain('in sight: outcome ada')
    expect(server.told).toContain('in sight: adopted')
    expect(server.counters).toMatchObject({ accepted: 2, refreshes: 1, spentTokensReceived: 0 })
  })
})

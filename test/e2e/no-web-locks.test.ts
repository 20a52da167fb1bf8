import { describe, expect, inject, test } from 'vitest'
import { isLong } from '../support/is-long.js'
import { createCheckpoint } from './support/checkpoint.js'
import { crash, launchChromium } from './support/chromium.js'
import { enginesInTurn } from './support/found-engines.js'
import { getInAll, useWorkbench } from './support/workbench.js'

const expiries = isLong ? 10 : 4

describe.each(enginesInTurn(inject('engines')))('%s', (_, launch) => {
  const bench = useWorkbench(launch)

  test.each([
    ['are missing', 'none', 'indexeddb'],
    ['are missing', 'none', 'local'],
    ['reject with a SecurityError', 'refused', 'indexeddb'],
  ] as const)(
    `Web Locks %s (%s), store %s: 3 tabs survive ${expiries} expiries with strict rotation, one refresh each`,
    async (_, locks, store) => {
      const server = await bench.start({ latencyMs: 100 })
      const tabs = await bench.openSignedIn(3, { store, locks })
      for (let round = 1; round <= expiries; round++) {
        server.expire()
        expect((await getInAll(tabs, 2, 0)).flat()).toEqual(Array.from({ length: 6 }, () => 'ada'))
        expect(server.counters).toMatchObject({ refreshes: round, refreshesRefused: 0 })
      }
      expect(server.counters).toMatchObject({ accepted: 6 * expiries, spentTokensReceived: 0 })
    },
  )

  test('without Web Locks the tab that refreshes is closed: the others go on at once', async () => {
    const server = await bench.start()
    const [holder, ...others] = await bench.openSignedIn(3, { locks: 'none', refreshTimeoutMs: 60_000 })
    const asked = createCheckpoint()
    server.expire()
    server.nextRefresh({ beforeRotation: asked, lose: 'request' })
    holder?.call('get', 1).catch(() => {})
    await asked.reached
    await holder?.close()
    asked.open()
    expect(await getInAll(others, 1)).toEqual([['ada'], ['ada']])
    expect(server.counters).toMatchObject({ refreshes: 1, spentTokensReceived: 0, refreshesRefused: 0 })
  })
})

describe('Chromium alone, for it can be told where a name leads', () => {
  const { chromium } = inject('engines')
  const args = [...chromium.args, '--host-resolver-rules=MAP intranet.test 127.0.0.1']
  const bench = useWorkbench(() => launchChromium({ ...chromium, args }))

  test(`on a plain-http intranet, where browsers have no Web Locks, 3 tabs survive ${expiries} expiries`, async () => {
    const server = await bench.start({ host: 'intranet.test', latencyMs: 100 })
    const tabs = await bench.openSignedIn(3)
    expect(await tabs[0]?.page.evaluate(() => [isSecureContext, 'locks' in navigator])).toEqual([
      false,
      false,
    ])
    for (let round = 1; round <= expiries; round++) {
      server.expire()
      expect((await getInAll(tabs, 2, 0)).flat()).toEqual(Array.from({ length: 6 }, () => 'ada'))
    }
    expect(server.counters).toMatchObject({
      refreshes: expiries,
      refreshesRefused: 0,
      spentTokensReceived: 0,
    })
  })

  test('there, the tab that refreshes crashes: one of the others takes over, and nothing is spent twice', async () => {
    const server = await bench.start({ host: 'intranet.test' })
    const [holder, ...others] = await bench.openSignedIn(4, { refreshTimeoutMs: 60_000 })
    if (!holder) throw new Error('no tab')
    const asked = createCheckpoint()
    server.expire()
    server.nextRefresh({ beforeRotation: asked, lose: 'request' })
    holder.call('get', 1).catch(() => {})
    await asked.reached
    await crash(holder)
    asked.open()
    expect(await getInAll(others, 1)).toEqual([['ada'], ['ada'], ['ada']])
    expect(server.counters).toMatchObject({ refreshes: 1, spentTokensReceived: 0, refreshesRefused: 0 })
  })
})

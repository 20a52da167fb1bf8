import { expect, inject, test } from 'vitest'
import { launchChromium } from './support/chromium.js'
import { eventually } from './support/workbench.js'
import { guardsFiles, useWorkerBench } from './support/worker-bench.js'

const bench = useWorkerBench(() => launchChromium(inject('engines').chromium), 'workbox-worker.ts')
const shared = '/files/public.png'

/** `same-files`: a strategy of Workbox matches what the guard takes. Otherwise its route sends with the session's client. */
const setUps = ['same-files', 'guard-first', 'workbox-first']

test.each(setUps)(
  'beside Workbox (%s), pictures load signed in over an expiry, and no cache holds one',
  async (setUp) => {
    const { files } = await bench.start()
    const tab = await bench.openGuarded(`${guardsFiles(bench.server)}&${setUp}`)
    const pictures = ['/files/a.png', `${files}/files/b.png`]
    expect(await tab.call('images', [...pictures, shared])).toEqual(['loaded', 'loaded', 'loaded'])
    bench.server.expire()
    expect(
      await tab.call(
        'images',
        pictures.map((src) => `${src}?again`),
      ),
    ).toEqual(['loaded', 'loaded'])
    expect(bench.server.refreshes).toEqual([{ outcome: 'rotated' }])
    await eventually(() => tab.call('cached')).toEqual([shared])

    await tab.call('signOut')
    expect(await tab.call('images', ['/files/a.png?left', `${shared}?left`])).toEqual(['failed', 'loaded'])
    await eventually(() => tab.call('cached')).toEqual([shared, shared])
  },
)

test('a strategy that fetches with a token of its own stores the reply, whatever Cache-Control says', async () => {
  await bench.start()
  const tab = await bench.openGuarded(`${guardsFiles(bench.server)}&workbox-first&own-token`)
  expect(await tab.call('fetch', '/files/data')).toContain('"user":"ada"')
  await eventually(() => tab.call('cached')).toEqual(['/files/data'])
  await tab.call('signOut')
  expect(await tab.call('fetch', '/files/data')).toContain('"user":"ada"')
})

import type { Page } from 'playwright'
import { describe, expect, inject, test } from 'vitest'
import { createCheckpoint } from './support/checkpoint.js'
import { launchChromium } from './support/chromium.js'
import { foundEngines } from './support/found-engines.js'
import { eventually } from './support/workbench.js'
import { guardsFiles, useWorkerBench, type WorkerTab } from './support/worker-bench.js'

const { chromium, firefox } = inject('engines')
const picture = '/files/a.png'

/** The browser stops all workers, as it does when they are idle. */
async function stopWorkers({ page }: { page: Page }): Promise<void> {
  const cdp = await page.context().newCDPSession(page)
  await cdp.send('ServiceWorker.enable')
  await cdp.send('ServiceWorker.stopAllWorkers')
  await cdp.detach()
}

/** Reloads past the worker. */
async function reloadHard(tab: WorkerTab & { page?: Page }): Promise<void> {
  const { page } = tab
  const load = await tab.call('load')
  if (page) {
    const cdp = await page.context().newCDPSession(page)
    await cdp.send('Page.reload', { ignoreCache: true })
  } else await tab.call('reloadPastCaches')
  await eventually(() => tab.call('load').catch(() => load)).not.toBe(load)
  await tab.call('ready')
}

describe.each(foundEngines({ chromium, firefox, webkit: null }))('%s: the life of a worker', (_, launch) => {
  const bench = useWorkerBench(launch)

  test('the first load has no controller without a claim: the page refreshes by itself, and the next load is guarded', async () => {
    await bench.start()
    const tab = await bench.open('/?handOver')
    await tab.call('signIn', 'ada')
    await tab.call('register', `${guardsFiles(bench.server)}&unclaimed`)
    await eventually(() => tab.call('workers')).toEqual(['active'])
    expect(await tab.call('isControlled')).toBe(false)
    expect(await tab.call('image', picture)).toBe('failed')
    bench.server.expire()
    expect(await tab.call('get')).toBe('ada')
    await tab.reload()
    expect(await tab.call('isControlled')).toBe(true)
    expect(await tab.call('image', picture)).toBe('loaded')
  })

  test('a page that was loaded past the worker refreshes by itself', async () => {
    await bench.start()
    const tab = await bench.openGuarded()
    await reloadHard(tab)
    expect(await tab.call('isControlled')).toBe(false)
    bench.server.expire()
    expect(await tab.call('get')).toBe('ada')
    expect(bench.server.refreshes).toEqual([{ outcome: 'rotated' }])
  })

  test('a page that was loaded past the worker in mid-refresh waits for it, and adopts what it stores', async () => {
    await bench.start()
    const tab = await bench.openGuarded()
    const rotated = createCheckpoint()
    bench.server.expire()
    bench.server.nextRefresh({ afterRotation: rotated })
    tab.call('get').catch(() => {})
    await rotated.reached
    await reloadHard(tab)
    const user = tab.call('get')
    await eventually(() => bench.server.refreshes.length).toBe(1)
    rotated.open()
    expect(await user).toBe('ada')
    expect(bench.server.refreshes).toEqual([{ outcome: 'rotated' }])
  })

  test('while a new version waits, the old one serves its pages', async () => {
    await bench.start()
    const tab = await bench.openGuarded(`${guardsFiles(bench.server)}&wait`)
    bench.server.update()
    await tab.call('update')
    await eventually(() => tab.call('workers')).toEqual(['active', 'waiting'])
    bench.server.expire()
    expect(await tab.call('image', picture)).toBe('loaded')
    bench.server.expire()
    expect(await tab.call('get')).toBe('ada')
    expect(bench.server.refreshes).toEqual([{ outcome: 'rotated' }, { outcome: 'rotated' }])
  })

  test('a new version that skips waiting in mid-refresh costs no session', async () => {
    await bench.start()
    const tab = await bench.openGuarded()
    const refresh = bench.holdRefresh()
    const user = tab.call('get')
    await refresh.reached
    bench.server.update()
    await tab.call('update')
    refresh.open()
    expect(await user).toBe('ada')
    expect(bench.server.refreshes).toEqual([{ outcome: 'rotated' }])
    bench.server.expire()
    expect(await tab.call('image', picture)).toBe('loaded')
    expect(bench.server.refreshes).toHaveLength(2)
  })

  test('a worker that is unregistered serves its pages until they are loaded again', async () => {
    await bench.start()
    const tab = await bench.openGuarded()
    await tab.call('unregister')
    bench.server.expire()
    expect(await tab.call('get')).toBe('ada')
    await tab.reload()
    expect(await tab.call('isControlled')).toBe(false)
    bench.server.expire()
    expect(await tab.call('get')).toBe('ada')
    expect(await tab.call('image', picture)).toBe('failed')
  })

  test('a worker with a narrow scope guards the pages in it alone', async () => {
    await bench.start()
    const tab = await bench.open('/narrow/?handOver')
    await tab.call('signIn', 'ada')
    await tab.call('register', guardsFiles(bench.server), '/narrow/', '/narrow/sw.js')
    await tab.call('controlled')
    const outside = await bench.open('/?handOver')
    expect(await outside.call('isControlled')).toBe(false)
    expect(await tab.call('image', picture)).toBe('loaded')
    expect(await outside.call('image', picture)).toBe('failed')
    bench.server.expire()
    expect(await Promise.all([tab.call('get'), outside.call('get')])).toEqual(['ada', 'ada'])
    expect(bench.server.refreshes).toHaveLength(1)
  })

  test('a frame of the app on another site is in a storage of its own, signed out, and without the worker', async () => {
    await bench.start()
    await bench.openGuarded()
    const other = await bench.openAt(bench.server.app.replace('127.0.0.1', 'localhost'))
    expect(await other.call('embed', `${bench.server.app}/?handOver`)).toBe(
      'signed-out: none, not controlled',
    )
  })
})

describe('Chromium: what no other browser lets itself be driven to', () => {
  const bench = useWorkerBench(() => launchChromium(chromium))

  test('a worker that the browser stopped reads the store again', async () => {
    await bench.start()
    const tab = await bench.openGuarded()
    await stopWorkers(tab)
    expect(await tab.call('image', picture)).toBe('loaded')
    await stopWorkers(tab)
    // Meanwhile the tokens are others.
    const plain = await bench.open('/')
    bench.server.expire()
    expect(await plain.call('get')).toBe('ada')
    await stopWorkers(tab)
    expect(await tab.call('image', '/files/b.png')).toBe('loaded')
    expect(bench.server.refreshes).toHaveLength(1)
    expect(bench.server.requests.every(({ status }) => status === 200)).toBe(true)
  })

  test('a worker that is stopped in mid-refresh is passed over, and nothing is spent twice', async () => {
    await bench.start()
    const tab = await bench.openGuarded()
    const refresh = bench.holdRefresh()
    const user = tab.call('get')
    await refresh.reached
    await stopWorkers(tab)
    expect(await user).toBe('ada')
    expect(bench.server.refreshes).toEqual([{ outcome: 'rotated' }])
  })

  test('a stopped worker is started by a refresh that is handed over', async () => {
    await bench.start()
    const tab = await bench.openGuarded()
    await stopWorkers(tab)
    bench.server.expire()
    expect(await tab.call('get')).toBe('ada')
    expect(bench.server.refreshes).toEqual([{ outcome: 'rotated' }])
  })
})

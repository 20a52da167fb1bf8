import { describe, expect, inject, test } from 'vitest'
import { isLong } from '../support/is-long.js'
import { createCheckpoint } from './support/checkpoint.js'
import { foundEngines } from './support/found-engines.js'
import { eventually } from './support/workbench.js'
import { useWorkerBench, type WorkerTab } from './support/worker-bench.js'

/** How a page is left in the middle of its refresh. */
const departures = ['reload', 'link', 'close'] as const
const timesWithout = isLong ? 10 : 1
const expiries = isLong ? 20 : 6

const { chromium, firefox } = inject('engines')
const engines = foundEngines({ chromium, firefox, webkit: null })

describe.each(engines)('%s: a refresh that outlives its page', (name, launch) => {
  const times = name === 'Chromium' || isLong ? 10 : 3
  const bench = useWorkerBench(launch)

  /** Leaves a page whose refresh was answered by the server and has not come back; returns what the next page finds. */
  async function leave(tab: WorkerTab, how: (typeof departures)[number], path: string) {
    const rotated = createCheckpoint()
    bench.server.expire()
    bench.server.nextRefresh({ afterRotation: rotated })
    tab.call('get').catch(() => {})
    await rotated.reached
    let next: WorkerTab = tab
    if (how === 'reload') await tab.reload()
    else if (how === 'link') {
      const load = await tab.call('load')
      await tab.call('follow', path)
      await eventually(() => tab.call('load').catch(() => load)).not.toBe(load)
      await tab.call('ready')
    } else {
      await tab.close()
      next = await bench.open(path)
    }
    rotated.open()
    return { next, user: await next.call('get') }
  }

  test.each(departures)(
    `${times} times %s in mid-refresh under strict rotation: nobody is signed out`,
    async (how) => {
      await bench.start()
      let tab: WorkerTab = await bench.openGuarded()
      for (let time = 1; time <= times; time++) {
        const { next, user } = await leave(tab, how, '/?handOver')
        expect(user).toBe('ada')
        expect(bench.server.refreshes).toHaveLength(time)
        tab = next
      }
      expect(bench.server.refreshes.every(({ outcome }) => outcome === 'rotated')).toBe(true)
    },
  )

  test.each(departures)(
    `${timesWithout} times %s in mid-refresh without the worker: the user is signed out`,
    async (how) => {
      await bench.start()
      let tab: WorkerTab = await bench.open('/?alone')
      let lost = 0
      for (let time = 1; time <= timesWithout; time++) {
        await tab.call('signIn', 'ada')
        const { next, user } = await leave(tab, how, '/?alone')
        if (user !== 'ada') lost++
        tab = next
      }
      expect(lost).toBe(timesWithout)
    },
  )

  test('the page adopts what the worker stored, and no other tab refreshes', async () => {
    await bench.start()
    const tab = await bench.openGuarded()
    const other = await bench.open('/?handOver')
    const third = await bench.open('/')
    bench.server.expire()
    expect(await Promise.all([tab.call('get'), other.call('get'), third.call('get')])).toEqual([
      'ada',
      'ada',
      'ada',
    ])
    expect(bench.server.refreshes).toHaveLength(1)
    expect(await tab.call('told')).toContain('adopted')
  })

  test(`${expiries} expiries in 3 tabs cost as many refreshes`, async () => {
    await bench.start()
    const tabs = [await bench.openGuarded(), await bench.open('/?handOver'), await bench.open('/?handOver')]
    for (let round = 1; round <= expiries; round++) {
      bench.server.expire()
      const users = await Promise.all(tabs.map((tab) => tab.call('get')))
      expect(users).toEqual(['ada', 'ada', 'ada'])
      expect(bench.server.refreshes).toHaveLength(round)
    }
  })

  test('an auth server in trouble is asked by the worker alone, and the page learns why', async () => {
    await bench.start()
    const tab = await bench.openGuarded()
    bench.server.expire()
    for (let call = 0; call < 9; call++) bench.server.nextRefresh({ status: 503 })
    expect(await tab.call('refresh')).toBe('REFRESH_FAILED')
    expect(await tab.call('status')).toBe('signed-in')
    // By the worker: once, and twice more. The page would make it six.
    expect(bench.server.asked()).toBe(3)
  })

  test('a refresh token that the server refuses signs out in the page and in the worker', async () => {
    await bench.start()
    const tab = await bench.openGuarded()
    bench.server.expire()
    bench.server.nextRefresh({ status: 401 })
    expect(await tab.call('get')).toBe('401')
    await eventually(() => tab.call('status')).toBe('signed-out: expired')
    expect(await tab.call('image', '/files/a.png')).toBe('failed')
    expect(bench.server.requests).toMatchObject([{ authorization: undefined }])
  })

  test('a worker that does not know of it is passed over after a second, once', async () => {
    await bench.start()
    const tab = await bench.openGuarded('mute')
    for (let round = 1; round <= 2; round++) {
      bench.server.expire()
      expect(await tab.call('get')).toBe('ada')
      expect(bench.server.refreshes).toHaveLength(round)
    }
    expect(await tab.call('told')).not.toContain('adopted')
  })
})

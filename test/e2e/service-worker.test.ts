import { describe, expect, inject, test } from 'vitest'
import { foundEngines } from './support/found-engines.js'
import { eventually } from './support/workbench.js'
import { guardsFiles, useWorkerBench } from './support/worker-bench.js'
import { downloadSize } from './support/worker-server.js'

const { chromium, firefox } = inject('engines')
const engines = foundEngines({ chromium, firefox, webkit: null })

describe.each(engines)('%s: requests that no script sends', (name, launch) => {
  const bench = useWorkerBench(launch)
  const statuses = (): number[] => bench.server.requests.map(({ status }) => status)
  const bearers = (): boolean =>
    bench.server.requests.every(({ authorization }) => authorization !== undefined)

  test('images carry the token, on the own origin and on one that allows it', async () => {
    const { app, files } = await bench.start()
    const tab = await bench.openGuarded()
    expect(await tab.call('image', '/files/a.png')).toBe('loaded')
    expect(await tab.call('image', `${files}/files/b.png`)).toBe('loaded')
    expect(await tab.call('crossOriginImage', `${files}/files/c.png`)).toBe('loaded')
    await tab.call('background', `${app}/files/d.png`)
    await eventually(() => bench.server.requests.length).toBe(4)
    expect(statuses()).toEqual([200, 200, 200, 200])
    expect(bearers()).toBe(true)
  })

  test('without the worker they have none', async () => {
    await bench.start()
    const tab = await bench.open()
    await tab.call('signIn', 'ada')
    expect(await tab.call('image', '/files/a.png')).toBe('failed')
    expect(bench.server.requests).toMatchObject([{ status: 401, authorization: undefined }])
  })

  test('what is asked for as soon as the user has signed in carries the token, 20 times', async () => {
    await bench.start()
    const tab = await bench.openGuarded()
    for (let time = 1; time <= 20; time++) {
      await tab.call('signOut')
      expect(await tab.call('signInAndFetch', 'ada', `/files/data?${time}`)).toContain('"user":"ada"')
    }
  })

  test('what is asked for as soon as another user has signed in is that user’s, 20 times', async () => {
    await bench.start()
    const tab = await bench.openGuarded()
    for (let time = 1; time <= 20; time++) {
      const user = time % 2 ? 'bob' : 'ada'
      expect(await tab.call('signInAndFetch', user, `/files/data?${time}`)).toContain(`"user":"${user}"`)
    }
  })

  test('60 pictures over an expiry cost one refresh, and all are shown', async () => {
    const { files } = await bench.start()
    const tab = await bench.openGuarded()
    bench.server.expire()
    const srcs = Array.from({ length: 60 }, (_, n) => `${n % 2 ? files : ''}/files/${n}.png`)
    expect(await tab.call('images', srcs)).toEqual(srcs.map(() => 'loaded'))
    expect(bench.server.refreshes).toEqual([{ outcome: 'rotated' }])
    expect(statuses().filter((status) => status === 200)).toHaveLength(60)
  })

  test('pictures and calls of a guarded client that meet one expiry cost one refresh', async () => {
    await bench.start()
    const tab = await bench.openGuarded()
    bench.server.expire()
    const [images, user] = await Promise.all([
      tab.call('images', ['/files/1.png', '/files/2.png']),
      tab.call('get'),
    ])
    expect(images).toEqual(['loaded', 'loaded'])
    expect(user).toBe('ada')
    expect(bench.server.refreshes).toEqual([{ outcome: 'rotated' }])
  })

  test.each(['the own origin', 'another one'])('a video of %s is seeked over an expiry', async (where) => {
    const { app, files } = await bench.start()
    const tab = await bench.openGuarded()
    const origin = where === 'another one' ? files : app
    expect(await tab.call('video', `${origin}/files/sound.wav`)).toBe('loaded')
    const before = bench.server.requests.length
    bench.server.expire()
    expect(await tab.call('seek', 100)).toBe('at 100')
    const after = bench.server.requests.slice(before)
    expect(after.map(({ status }) => status)).toEqual(expect.arrayContaining([401, 206]))
    expect(after.every(({ range, authorization }) => range && authorization)).toBe(true)
    expect(bench.server.refreshes).toEqual([{ outcome: 'rotated' }])
  })

  test('an EventSource that connects anew after an expiry goes on', async () => {
    await bench.start()
    const tab = await bench.openGuarded()
    await tab.call('listen', '/files/events')
    await eventually(() => tab.call('streamed')).toBeGreaterThan(1)
    bench.server.expire()
    const before = await tab.call('streamed')
    await eventually(() => tab.call('streamed')).toBeGreaterThan(before + 2)
    await tab.call('silence')
    expect(bench.server.refreshes).toEqual([{ outcome: 'rotated' }])
  })

  test('a download of 50 MB is not buffered by the worker', async () => {
    await bench.start()
    const tab = await bench.openGuarded()
    const begun = await tab.call('beginDownload', '/files/download')
    expect(begun).toBeGreaterThan(0)
    // Until nothing moves any more: what is on the way is in the buffers of the sockets and of the browser.
    let last = -1
    await eventually(() => {
      const is = bench.server.downloaded()
      const stands = is === last
      last = is
      return stands
    }).toBe(true)
    // Firefox takes all that a server has, read or not, without a worker as well.
    if (name === 'Chromium') expect(last).toBeLessThan(downloadSize / 4)
    expect(begun + (await tab.call('endDownload'))).toBe(downloadSize)
  })

  test('a server that does not allow the token across origins gets the request as it was', async () => {
    const { plain } = await bench.start()
    const tab = await bench.openGuarded()
    expect(await tab.call('image', `${plain}/files/public.png`)).toBe('loaded')
    expect(bench.server.requests).toMatchObject([{ authorization: undefined, mode: 'no-cors' }])
  })

  test('a redirect to a foreign origin does not take the token along', async () => {
    const { foreign, files } = await bench.start()
    const tab = await bench.openGuarded()
    const to = encodeURIComponent(`${foreign}/picture.png`)
    expect(await tab.call('image', `/files/there?to=${to}`)).toBe('loaded')
    expect(await tab.call('image', `${files}/files/there?to=${to}`)).toBe('loaded')
    expect(await tab.call('image', `${foreign}/files/direct.png`)).toBe('loaded')
    expect(bearers()).toBe(true)
    expect(bench.server.seenByForeign).toEqual([undefined, undefined, undefined])
  })

  test('what has an Authorization of its own is left alone', async () => {
    await bench.start()
    const tab = await bench.openGuarded()
    bench.server.expire()
    const reply = await tab.call('fetch', '/files/data', { headers: { Authorization: 'Basic YTpi' } })
    expect(reply).toMatch(/^401/)
    expect(bench.server.requests).toMatchObject([{ authorization: 'Basic YTpi' }])
    expect(bench.server.refreshes).toEqual([])
  })

  test('requests of other methods, and those that `include` leaves out, carry no token', async () => {
    await bench.start()
    const tab = await bench.openGuarded()
    expect(await tab.call('fetch', '/files/data', { method: 'POST' })).toMatch(/^401/)
    expect(await tab.call('fetch', '/api/me')).toMatch(/^401/)
    expect(bench.server.requests).toMatchObject([{ authorization: undefined }])
  })

  test('a frame carries the token by `navigate` alone', async () => {
    await bench.start()
    const tab = await bench.openGuarded(`${guardsFiles(bench.server)}&navigate`)
    bench.server.expire()
    expect(await tab.call('frame', '/files/page.html')).toBe('Hello ada')
    expect(bench.server.refreshes).toHaveLength(1)
  })

  test('a frame carries no token without it', async () => {
    await bench.start()
    const tab = await bench.openGuarded()
    expect(await tab.call('frame', '/files/page.html')).toContain('No token')
  })

  test('another handler of the same worker answers where it came first; ours where it did', async () => {
    await bench.start()
    const tab = await bench.openGuarded(`${guardsFiles(bench.server)}&first&last`)
    expect(await tab.call('fetch', '/files/own.png')).toBe('200 own')
    expect(await tab.call('fetch', '/files/data')).toContain('200 {"user":"ada"')
    expect(await tab.call('fetch', '/other')).toBe('200 theirs')
    expect(bench.server.requests).toHaveLength(1)
  })

  test('pictures that wait when the user signs out fail, and go out for nobody', async () => {
    await bench.start()
    const tab = await bench.openGuarded()
    const refresh = bench.holdRefresh()
    const image = tab.call('image', '/files/a.png')
    await refresh.reached
    await tab.call('signOut')
    expect(await image).toBe('failed')
    refresh.open()
    expect(await tab.call('image', '/files/b.png')).toBe('failed')
    expect(
      bench.server.requests.map(({ path, authorization }) => [path, authorization === undefined]),
    ).toEqual([
      ['/files/a.png', false],
      ['/files/b.png', true],
    ])
  })

  test('pictures that wait when another user signs in do not go out for that user', async () => {
    await bench.start()
    const tab = await bench.openGuarded()
    const refresh = bench.holdRefresh()
    const image = tab.call('image', '/files/a.png')
    await refresh.reached
    await tab.call('signIn', 'bob')
    expect(await image).toBe('failed')
    refresh.open()
    expect(await tab.call('fetch', '/files/data')).toContain('"user":"bob"')
  })

  if (name === 'Chromium') {
    test('ranges that a script asks for come back as they were', async () => {
      const { files } = await bench.start()
      const tab = await bench.openGuarded()
      const headers = { Range: 'bytes=4-7' }
      for (const origin of ['', files]) {
        const reply = await tab.call('fetch', `${origin}/files/sound.wav`, { headers })
        expect(reply).toHaveLength('206 '.length + 4)
      }
    })
  }
})

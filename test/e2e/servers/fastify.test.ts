import { describe, expect, test } from 'vitest'
import { getInAll } from '../support/workbench.js'
import { claimOfEveryServer } from './support/claims.js'
import { createFastifyServer } from './support/fastify-server.js'
import { useServer } from './support/server-bench.js'

describe('Fastify with its JWT and cookie plug-ins: an HttpOnly refresh cookie, across origins', () => {
  const bench = useServer('fastify-page.ts', createFastifyServer)

  const refreshCookie = async (): Promise<string | undefined> => {
    const cookies = await bench.engine.context.cookies(`${bench.server.url}/auth`)
    return cookies.find(({ name }) => name === 'refreshToken')?.value
  }

  claimOfEveryServer(bench)

  test('a reload asks the cookie once, and the user is signed in again without a token in any store', async () => {
    const tab = await bench.openSignedIn()
    const before = await refreshCookie()
    await tab.reload()
    expect(await tab.call('status')).toBe('signed-in')
    expect(await tab.call('get', 3)).toEqual(['ada', 'ada', 'ada'])
    expect(bench.server.counters).toMatchObject({
      answered: 3,
      refused: 0,
      refreshes: 1,
      refreshesRefused: 0,
    })
    expect(await refreshCookie()).not.toBe(before)
    expect(bench.server.backing.cookiesOfApi).toEqual([])
  })

  test('three tabs that load at once, and whose tokens expire at once, take turns with the cookie: none is sent twice', async () => {
    const tab = await bench.openSignedIn()
    bench.server.lifetimeS = 1
    const tabs = await Promise.all([tab.reload().then(() => tab), bench.open(), bench.open()])
    for (const each of tabs) expect(await each.call('status')).toBe('signed-in')
    expect(bench.server.counters).toMatchObject({ refreshes: 3, refreshesRefused: 0 })
    bench.server.lifetimeS = 600
    expect((await getInAll(tabs, 2, 1000)).flat()).toEqual(Array.from({ length: 6 }, () => 'ada'))
    expect(bench.server.counters).toMatchObject({
      answered: 6,
      refused: 0,
      refreshes: 6,
      refreshesRefused: 0,
    })
  })

  test("a cookie that is another user's by now begins another session: nothing of the first is sent for the second", async () => {
    const tab = await bench.open()
    await tab.call('signIn', 'ada')
    bench.server.lifetimeS = 1
    await tab.reload()
    bench.server.lifetimeS = 600
    // The server's own page signs her in: nothing tells the tab of it.
    await tab.page.evaluate(
      (url) =>
        fetch(url, {
          method: 'POST',
          credentials: 'include',
          headers: { 'Content-Type': 'application/json' },
          body: '{"user":"grace"}',
        }).then(() => undefined),
      `${bench.server.url}/auth/login`,
    )
    expect(await tab.call('get', 3, Date.now() + 1000)).toEqual(
      Array.from({ length: 3 }, () => 'ERR_CANCELED'),
    )
    expect(bench.server.counters).toMatchObject({ answered: 0, refused: 0 })
    expect(await tab.call('get', 1)).toEqual(['grace'])
    expect(await tab.call('status')).toBe('signed-in')
  })

  test("a tab that is told of another user's sign-in asks the cookie who it is: nothing goes out for the first", async () => {
    const tab = await bench.openSignedIn()
    const other = await bench.open()
    await other.call('signIn', 'grace')
    await expect.poll(() => tab.call('get', 1)).toEqual(['grace'])
    expect(await tab.call('status')).toBe('signed-in')
  })

  test('a page without a cookie asks once, and nobody is signed in: that is no end of a session', async () => {
    const tab = await bench.open()
    expect(await tab.call('status')).toBe('signed-out: none')
    expect(await tab.call('told')).toEqual({})
    expect(bench.server.counters).toMatchObject({ refreshes: 0, refreshesRefused: 1 })
  })

  test('a page that loads while its server is away asks again when the network says that it is back', async () => {
    const tab = await bench.openSignedIn()
    await bench.server.stop()
    await tab.reload()
    expect(await tab.call('status')).toBe('signed-out: none')
    await bench.server.startAgain()
    await tab.page.evaluate(() => dispatchEvent(new Event('online')))
    await expect.poll(() => tab.call('status')).toBe('signed-in')
    expect(await tab.call('get', 1)).toEqual(['ada'])
  })

  test('a sign-out tells the server, which forgets the user and clears the cookie: a reload finds nobody', async () => {
    const tab = await bench.openSignedIn()
    await tab.call('signOut')
    expect(await tab.call('status')).toBe('signed-out: signed-out')
    await expect.poll(refreshCookie).toBeUndefined()
    expect(bench.server.counters).toMatchObject({ signOuts: 1, refreshes: 0 })
    await tab.reload()
    expect(await tab.call('status')).toBe('signed-out: none')
  })

  test('without its CSRF header the refresh would be refused', async () => {
    const tab = await bench.openSignedIn()
    const status = await tab.page.evaluate(
      (url) => fetch(url, { method: 'POST', credentials: 'include' }).then((reply) => reply.status),
      `${bench.server.url}/auth/refresh`,
    )
    expect(status).toBe(400)
    expect(await tab.call('refresh')).toBe('refreshed')
    expect(bench.server.counters).toMatchObject({ refreshes: 1, refreshesRefused: 1 })
  })
})

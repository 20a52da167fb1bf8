import { describe, expect, test } from 'vitest'
import { getInAll } from '../support/workbench.js'
import { createBothInCookiesServer } from './support/both-in-cookies-server.js'
import { useServer } from './support/server-bench.js'

const lifetimeS = 1
const times = (count: number, outcome: string): string[] => Array.from({ length: count }, () => outcome)

describe('Express with both tokens in HttpOnly cookies and a CSRF token, across origins', () => {
  const bench = useServer('both-in-cookies-page.ts', createBothInCookiesServer)

  const cookieNames = async (): Promise<string[]> => {
    const cookies = await bench.engine.context.cookies([bench.server.url, `${bench.server.url}/auth`])
    return cookies.map(({ name }) => name).sort()
  }

  test('20 requests at once after the expiry: the server counts one refresh, and all are answered', async () => {
    const tab = await bench.openSignedIn(lifetimeS)
    expect(await tab.call('status')).toBe('signed-in')
    expect(await tab.call('get', 20, Date.now() + 1100)).toEqual(times(20, 'ada'))
    expect(bench.server.counters).toMatchObject({
      answered: 20,
      refused: 20,
      refreshes: 1,
      refreshesRefused: 0,
    })
    expect(bench.server.backing.authorizations).toEqual([])
    expect(await tab.call('told')).toEqual({ 'signed-in': 1, 'refresh-started': 1, 'refresh-succeeded': 1 })
  })

  test('three tabs whose token expires at once make one refresh for the browser', async () => {
    const tab = await bench.openSignedIn(lifetimeS)
    const tabs = [tab, await bench.open(), await bench.open()]
    for (const each of tabs) expect(await each.call('status')).toBe('signed-in')
    expect((await getInAll(tabs, 4, 1100)).flat()).toEqual(times(12, 'ada'))
    expect(bench.server.counters).toMatchObject({ answered: 12, refreshes: 1, refreshesRefused: 0 })
  })

  test('no token reaches the page: not the scripts, not the store, not what the session hands out', async () => {
    const tab = await bench.openSignedIn(lifetimeS)
    expect(await tab.call('get', 1, Date.now() + 1100)).toEqual(['ada'])
    expect(await tab.call('keeps')).toBeNull()
    expect(await tab.page.evaluate('claims()')).toBeNull()
    const cookies = await bench.engine.context.cookies([`${bench.server.url}/auth`])
    const tokens = cookies.filter(({ httpOnly }) => httpOnly).map(({ value }) => value)
    expect(tokens).toHaveLength(2)
    const seen = await tab.page.evaluate(async () => {
      const database = await new Promise<IDBDatabase>((resolve) => {
        const request = indexedDB.open('latchkey')
        request.onsuccess = () => resolve(request.result)
      })
      const records = await new Promise((resolve) => {
        const request = database.transaction('latchkey').objectStore('latchkey').getAll()
        request.onsuccess = () => resolve(request.result)
      })
      return JSON.stringify([document.cookie, { ...localStorage }, records])
    })
    expect(seen).toContain('"accessToken":"cookie"')
    for (const token of tokens) expect(seen).not.toContain(token)
  })

  test('a reload, and a tab that is opened, are signed in without asking the server', async () => {
    const tab = await bench.openSignedIn()
    await tab.reload()
    expect(await tab.call('status')).toBe('signed-in')
    const other = await bench.open()
    expect(await other.call('get', 1)).toEqual(['ada'])
    expect(bench.server.counters).toMatchObject({ answered: 1, refused: 0, refreshes: 0 })
  })

  test('a browser that has the cookies and no record of the session is signed in by one refresh', async () => {
    const tab = await bench.openSignedIn()
    await tab.page.evaluate(
      () =>
        new Promise<void>((resolve) => {
          indexedDB.deleteDatabase('latchkey').onsuccess = () => resolve()
        }),
    )
    await tab.reload()
    expect(await tab.call('status')).toBe('signed-in')
    expect(await tab.call('get', 2)).toEqual(['ada', 'ada'])
    expect(bench.server.counters).toMatchObject({ answered: 2, refused: 0, refreshes: 1 })
  })

  test('a POST brings the CSRF token, and after the expiry the new one', async () => {
    const tab = await bench.openSignedIn(lifetimeS)
    expect(await tab.page.evaluate('order("pen")')).toBe(201)
    await new Promise((resolve) => setTimeout(resolve, 1100))
    expect(await tab.page.evaluate('order("ink")')).toBe(201)
    expect(bench.server.counters).toMatchObject({ answered: 2, refused: 1, refreshes: 1 })
  })

  test('without the header the server would refuse the POST', async () => {
    const tab = await bench.openSignedIn()
    const status = await tab.page.evaluate(
      (url) =>
        fetch(url, {
          method: 'POST',
          credentials: 'include',
          headers: { 'Content-Type': 'application/json' },
          body: '{}',
        }).then((reply) => reply.status),
      `${bench.server.url}/api/orders`,
    )
    expect(status).toBe(403)
  })

  test('a wrapped fetch goes with the cookies too, before the expiry and after', async () => {
    const tab = await bench.openSignedIn(lifetimeS)
    expect(await tab.page.evaluate('fetchUser()')).toBe('ada')
    await new Promise((resolve) => setTimeout(resolve, 1100))
    expect(await tab.page.evaluate('fetchUser()')).toBe('ada')
    expect(bench.server.counters).toMatchObject({ answered: 2, refused: 1, refreshes: 1 })
  })

  test('a refresh that the server refuses ends the session, in every tab', async () => {
    const tab = await bench.openSignedIn(lifetimeS)
    const other = await bench.open()
    bench.server.backing.revoke('ada')
    expect(await tab.call('get', 3, Date.now() + 1100)).toEqual(times(3, '401'))
    expect(await tab.call('status')).toBe('signed-out: expired')
    await expect.poll(() => other.call('status')).toBe('signed-out: expired')
    expect(bench.server.counters).toMatchObject({ answered: 0, refreshes: 0, refreshesRefused: 1 })
  })

  test('the session outlives its server: one refresh serves all when it is back', async () => {
    const tab = await bench.openSignedIn(lifetimeS)
    await bench.server.stop()
    expect(await tab.call('get', 3, Date.now() + 1100)).toEqual(times(3, 'ERR_NETWORK'))
    expect(await tab.call('status')).toBe('signed-in')
    await bench.server.startAgain()
    expect(await tab.call('get', 10)).toEqual(times(10, 'ada'))
    expect(bench.server.counters).toMatchObject({ answered: 10, refreshes: 1, refreshesRefused: 0 })
  })

  test('a sign-out tells the server, which clears the cookies, and reaches the other tab', async () => {
    const tab = await bench.openSignedIn()
    const other = await bench.open()
    await tab.call('signOut')
    expect(await tab.call('status')).toBe('signed-out: signed-out')
    await expect.poll(() => other.call('status')).toBe('signed-out: signed-out')
    await expect.poll(cookieNames).toEqual([])
    await tab.reload()
    expect(await tab.call('status')).toBe('signed-out: none')
    expect(bench.server.counters).toMatchObject({ signOuts: 1, refreshes: 0 })
  })

  test('another user who signs in in one tab is signed in in the other', async () => {
    const tab = await bench.openSignedIn()
    const other = await bench.open()
    await other.call('signIn', 'grace')
    // Once more where the message is faster than the store: then the cookie says who it is, and the store after it.
    await expect
      .poll(async () => (await tab.call('told'))['signed-in'], { message: 'sign-ins that it was told of' })
      .toBeGreaterThanOrEqual(2)
    await expect.poll(() => tab.call('status')).toBe('signed-in')
    expect(await tab.call('get', 1)).toEqual(['grace'])
  })
})

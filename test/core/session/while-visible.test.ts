// @vitest-environment node
import { describe, expect, test } from 'vitest'
import { openTabs } from '../../support/fake-browser.js'
import { ended, unavailable } from '../../support/fake-endpoint.js'
import { openSignedInTab } from '../../support/fake-tab.js'
import { request } from '../../support/held-request.js'

const minute = 60_000
const day = 86_400_000

describe('refreshing while visible', () => {
  const whileVisible = { autoRefresh: 'while-visible' } as const

  test('renews without any request, again and again', async () => {
    const tab = await openSignedInTab(whileVisible)
    await tab.clock.advance(60 * minute)
    expect(tab.endpoint.calls).toHaveLength(4)
    expect(tab.clock.armed).toHaveLength(1)
  })

  test('on demand nothing is renewed, and no timer runs', async () => {
    const tab = await openSignedInTab()
    expect(tab.clock.armed).toEqual([])
    await tab.clock.advance(60 * minute)
    expect(tab.endpoint.calls).toEqual([])
  })

  test('renews nothing in a tab that nobody sees, and once when it is seen again', async () => {
    const tab = await openSignedInTab(whileVisible)
    tab.page.isVisibleNow = false
    await tab.clock.advance(60 * minute)
    expect(tab.endpoint.calls).toEqual([])
    tab.page.isVisibleNow = true
    tab.page.signal('wake')
    await tab.clock.advance(minute)
    expect(tab.endpoint.calls).toHaveLength(1)
  })

  test('renews nothing without a network, and once when that is back', async () => {
    const tab = await openSignedInTab(whileVisible)
    tab.page.isOnlineNow = false
    await tab.clock.advance(60 * minute)
    expect(tab.endpoint.calls).toEqual([])
    tab.page.isOnlineNow = true
    tab.page.signal('online')
    await tab.clock.advance(minute)
    expect(tab.endpoint.calls).toHaveLength(1)
  })

  test('does not ask a server early that refuses that', async () => {
    const tab = await openSignedInTab({ ...whileVisible, timing: 'after-expiry' })
    await tab.clock.advance(900_000 - 1)
    expect(tab.endpoint.calls).toEqual([])
    await tab.clock.advance(1)
    expect(tab.endpoint.calls).toHaveLength(1)
  })

  test('a token of 60 days is not renewed at once: timers are clamped', async () => {
    const tab = await openSignedInTab(whileVisible, (60 * day) / 1000)
    expect(tab.clock.armed).toEqual([2 ** 31 - 1])
    await tab.clock.advance(2 ** 31 - 1)
    expect(tab.endpoint.calls).toEqual([])
    await tab.clock.advance(60 * day - 2 ** 31)
    expect(tab.endpoint.calls).toHaveLength(1)
  })

  test('an auth server that is down for ten minutes gets few probes, and its return is noticed', async () => {
    const tab = await openSignedInTab(whileVisible)
    tab.endpoint.always(unavailable())
    await tab.clock.advance(900_000 + 10 * minute)
    expect(tab.endpoint.calls.length).toBeLessThanOrEqual(20)
    tab.endpoint.always(undefined)
    await tab.clock.advance(5 * minute)
    expect(tab.session.state).toMatchObject({ status: 'signed-in', expiresAt: expect.any(Number) })
    expect((tab.session.state as { expiresAt: number }).expiresAt).toBeGreaterThan(tab.clock.now())
  })

  test('stops when the user signs out, and when the session has ended', async () => {
    const tab = await openSignedInTab(whileVisible)
    await tab.session.signOut()
    expect(tab.clock.armed).toEqual([])
    await tab.session.setTokens({ accessToken: 'access-1', refreshToken: 'refresh-1', expiresIn: 900 })
    tab.endpoint.answers(ended)
    await tab.clock.advance(60 * minute)
    expect(tab.endpoint.calls).toHaveLength(1)
    expect(tab.clock.armed).toEqual([])
  })

  test('of several tabs that are seen one renews, and the others use what it got', async () => {
    const tabs = openTabs(4, whileVisible)
    const [first] = tabs
    await first.session.setTokens({ accessToken: 'access-1', refreshToken: 'refresh-1', expiresIn: 900 })
    await first.clock.advance(900_000)
    expect(first.endpoint.calls).toHaveLength(1)
    expect(tabs.map((tab) => request(tab).outcome)).toEqual(Array(4).fill('access-2'))
  })
})

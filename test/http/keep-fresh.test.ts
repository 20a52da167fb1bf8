// @vitest-environment node
import { describe, expect, test, vi } from 'vitest'
import { createSession, keepFresh, memoryStore } from '../../src/index.js'
import { deferred } from '../support/deferred.js'
import { openTabs } from '../support/fake-browser.js'
import { ended, unavailable } from '../support/fake-endpoint.js'
import { type FakeTab, type FakeTabParts, openSignedInTab, openTab } from '../support/fake-tab.js'
import { request } from '../support/held-request.js'

const minute = 60_000
const day = 86_400_000
const user = { accessToken: 'access-1', refreshToken: 'refresh-1', expiresIn: 900 }

/** A tab in which a user has signed in, whose session is kept fresh. */
async function openFreshTab(parts?: FakeTabParts, expiresIn?: number): Promise<FakeTab & { stop(): void }> {
  const tab = await openSignedInTab(parts, expiresIn)
  return { ...tab, stop: keepFresh(tab.session) }
}

describe('a session that is kept fresh', () => {
  test('refreshes without any request, again and again', async () => {
    const tab = await openFreshTab()
    await tab.clock.advance(60 * minute)
    expect(tab.endpoint.calls).toHaveLength(4)
    expect(tab.clock.armed).toHaveLength(1)
  })

  test('is one that keepFresh was called for: any other refreshes nothing, and has no timer', async () => {
    const tab = await openSignedInTab()
    expect(tab.clock.armed).toEqual([])
    await tab.clock.advance(60 * minute)
    expect(tab.endpoint.calls).toEqual([])
  })

  test('refreshes nothing in a tab that nobody sees, and once when it is seen again', async () => {
    const tab = await openFreshTab()
    tab.lifecycle.isVisibleNow = false
    await tab.clock.advance(60 * minute)
    expect(tab.endpoint.calls).toEqual([])
    tab.lifecycle.isVisibleNow = true
    tab.lifecycle.signal('wake')
    await tab.clock.advance(minute)
    expect(tab.endpoint.calls).toHaveLength(1)
  })

  test('refreshes nothing without a network, and once when that is back', async () => {
    const tab = await openFreshTab()
    tab.lifecycle.isOnlineNow = false
    await tab.clock.advance(60 * minute)
    expect(tab.endpoint.calls).toEqual([])
    tab.lifecycle.isOnlineNow = true
    tab.lifecycle.signal('online')
    await tab.clock.advance(minute)
    expect(tab.endpoint.calls).toHaveLength(1)
  })

  test('does not ask a server early that refuses that', async () => {
    const tab = await openFreshTab({ timing: 'after-expiry' })
    await tab.clock.advance(900_000 - 1)
    expect(tab.endpoint.calls).toEqual([])
    await tab.clock.advance(1)
    expect(tab.endpoint.calls).toHaveLength(1)
  })

  test('does not refresh a token of 60 days at once: timers are clamped', async () => {
    const tab = await openFreshTab({}, (60 * day) / 1000)
    expect(tab.clock.armed).toEqual([2 ** 31 - 1])
    await tab.clock.advance(2 ** 31 - 1)
    expect(tab.endpoint.calls).toEqual([])
    await tab.clock.advance(60 * day - 2 ** 31)
    expect(tab.endpoint.calls).toHaveLength(1)
  })

  test('sends few probes to an auth server that is down for ten minutes, and notices its return', async () => {
    const tab = await openFreshTab()
    tab.endpoint.always(unavailable())
    await tab.clock.advance(900_000 + 10 * minute)
    expect(tab.endpoint.calls.length).toBeLessThanOrEqual(20)
    tab.endpoint.always(undefined)
    await tab.clock.advance(5 * minute)
    expect(tab.session.state).toMatchObject({ status: 'signed-in', expiresAt: expect.any(Number) })
    expect((tab.session.state as { expiresAt: number }).expiresAt).toBeGreaterThan(tab.clock.now())
  })

  test('rests once the user has signed out, and once the session has ended', async () => {
    const tab = await openFreshTab()
    await tab.session.signOut()
    expect(tab.clock.armed).toEqual([])
    await tab.session.setTokens(user)
    tab.endpoint.answers(ended)
    await tab.clock.advance(60 * minute)
    expect(tab.endpoint.calls).toHaveLength(1)
    expect(tab.clock.armed).toEqual([])
  })

  test.each([0.001, 0.01, 0.3])(
    'refreshes once a second at most, however short %d s are',
    async (expiresIn) => {
      const tab = await openFreshTab({}, expiresIn)
      tab.endpoint.expiresIn = expiresIn
      await tab.clock.advance(10_000)
      expect(tab.endpoint.calls.length).toBeGreaterThan(5)
      expect(tab.endpoint.calls.length).toBeLessThanOrEqual(11)
    },
  )

  test('waits no longer than that second where the clock was put back meanwhile', async () => {
    const tab = await openFreshTab({}, 0.01)
    await tab.clock.advance(100)
    expect(tab.endpoint.calls).toHaveLength(1)
    tab.clock.jump(-60 * minute)
    await tab.session.setTokens({ ...user, expiresIn: 0.01 })
    await tab.clock.advance(2000)
    expect(tab.endpoint.calls).toHaveLength(2)
  })

  test('is refreshed by one of several visible tabs, and the others use what it got', async () => {
    const tabs = openTabs(4)
    for (const { session } of tabs) keepFresh(session)
    const [first] = tabs
    await first.session.setTokens(user)
    await first.clock.advance(900_000)
    expect(first.endpoint.calls).toHaveLength(1)
    expect(tabs.map((tab) => request(tab).outcome)).toEqual(Array(4).fill('access-2'))
  })

  test('refreshes for a user who signs in later', async () => {
    const tab = openTab()
    keepFresh(tab.session)
    await tab.clock.advance(60 * minute)
    expect(tab.clock.armed).toEqual([])
    await tab.session.setTokens(user)
    await tab.clock.advance(15 * minute)
    expect(tab.endpoint.calls).toHaveLength(1)
  })

  test('leaves a token alone whose expiry nobody knows', async () => {
    const tab = openTab()
    await tab.session.setTokens({ accessToken: 'access-1', refreshToken: 'refresh-1' })
    keepFresh(tab.session)
    await tab.clock.advance(60 * minute)
    expect(tab.endpoint.calls).toEqual([])
    expect(tab.clock.armed).toEqual([])
  })

  test('leaves a token alone that cannot be refreshed', async () => {
    const tab = openTab()
    await tab.session.setTokens({ accessToken: 'access-1', expiresIn: 900 })
    keepFresh(tab.session)
    await tab.clock.advance(60 * minute)
    expect(tab.endpoint.calls).toEqual([])
    expect(tab.clock.armed).toEqual([])
  })

  test('refreshes once at a time, however often keepFresh was called', async () => {
    const tab = await openFreshTab()
    keepFresh(tab.session)
    await tab.clock.advance(60 * minute)
    expect(tab.endpoint.calls).toHaveLength(4)
  })

  test('is so by createSession too', async () => {
    vi.useFakeTimers()
    try {
      const refresh = vi.fn(async () => ({ ...user, accessToken: 'access-2' }))
      const session = createSession({ refresh, store: memoryStore() })
      await session.setTokens(user)
      keepFresh(session)
      await vi.advanceTimersByTimeAsync(15 * minute)
      expect(refresh).toHaveBeenCalledTimes(1)
      session.dispose()
      expect(vi.getTimerCount()).toBe(0)
    } finally {
      vi.useRealTimers()
    }
  })
})

describe('what keepFresh returns', () => {
  test('stops it: no timer and no listener is left, and requests still refresh', async () => {
    const tab = await openFreshTab()
    const other = await openSignedInTab()
    tab.stop()
    expect(tab.clock.armed).toEqual([])
    expect(tab.lifecycle.listeners).toBe(other.lifecycle.listeners)
    tab.lifecycle.signal('wake')
    await tab.clock.advance(60 * minute)
    expect(tab.endpoint.calls).toEqual([])
    const held = request(tab)
    await tab.clock.advance(0)
    expect(held.outcome).toBe('access-2')
  })

  test('stops it in the middle of a refresh, which is finished', async () => {
    const tab = await openFreshTab()
    const answer = deferred<void>()
    tab.endpoint.answers(async () => {
      await answer.promise
      return { kind: 'refreshed' as const, tokens: { ...user, accessToken: 'access-2' } }
    })
    await tab.clock.advance(870_000)
    expect(tab.session.state).toMatchObject({ refreshing: true })
    tab.stop()
    answer.resolve()
    await tab.clock.advance(0)
    expect(await tab.session.getAccessToken()).toBe('access-2')
    expect(tab.clock.armed).toEqual([])
  })

  test('does no harm a second time, nor after dispose', async () => {
    const tab = await openFreshTab()
    const stopOther = keepFresh(tab.session)
    tab.stop()
    tab.stop()
    await tab.clock.advance(15 * minute)
    expect(tab.endpoint.calls).toHaveLength(1)
    tab.session.dispose()
    stopOther()
    expect(tab.clock.armed).toEqual([])
    expect(tab.lifecycle.listeners).toBe(0)
  })
})

test('dispose stops it as well, and after dispose it does not start', async () => {
  const tab = await openFreshTab()
  tab.session.dispose()
  keepFresh(tab.session)
  expect(tab.clock.armed).toEqual([])
  expect(tab.lifecycle.listeners).toBe(0)
  await tab.clock.advance(60 * minute)
  expect(tab.endpoint.calls).toEqual([])
})

test.each([undefined, null, {}, 5])('keepFresh with %j, which is no session, throws a TypeError', (given) => {
  expect(() => keepFresh(given as never)).toThrow(TypeError)
})

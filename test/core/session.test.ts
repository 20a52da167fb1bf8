// @vitest-environment node
import { describe, expect, test, vi } from 'vitest'
import type { AuthError } from '../../src/core/errors.js'
import type { SessionEvent } from '../../src/core/events.js'
import { memoryStore } from '../../src/core/token-store.js'
import type { StoredTokens } from '../../src/core/tokens.js'
import { deferred } from '../support/deferred.js'
import { createFakeChannels } from '../support/fake-channels.js'
import {
  createFakeEndpoint,
  ended,
  lost,
  misconfigured,
  never,
  unavailable,
} from '../support/fake-endpoint.js'
import { createFakeLock } from '../support/fake-lock.js'
import { createFakePage } from '../support/fake-page.js'
import { type FakeTab, type FakeTabParts, openSignedInTab, openTab } from '../support/fake-tab.js'
import { createManualClock } from '../support/manual-clock.js'
import { settled } from '../support/settled.js'
import { storedRecord } from '../support/stored-record.js'
import { unsignedJwt } from '../support/unsigned-jwt.js'

const minute = 60_000
const day = 24 * 60 * minute

const typesOf = (events: readonly SessionEvent[]): string[] => events.map(({ type }) => type)
const codeOf = (call: Promise<unknown>): Promise<string | undefined> =>
  call.then(
    () => undefined,
    (error: AuthError) => error.code,
  )

/** What a request would do: its token, or the error's code; `undefined` while it is held. */
function request({ gate }: FakeTab): { outcome: string | null | undefined } {
  const held: { outcome: string | null | undefined } = { outcome: undefined }
  const admitted = gate.admit({})
  if (admitted instanceof Promise) {
    admitted.then(
      (tokens) => {
        held.outcome = tokens?.accessToken ?? null
      },
      (error) => {
        held.outcome = error.code
      },
    )
  } else {
    held.outcome = admitted?.accessToken ?? null
  }
  return held
}

/** Tabs of one browser: they share store, lock, clock and channel. */
function openTabs(count: number, parts: FakeTabParts = {}): FakeTab[] {
  const channels = createFakeChannels()
  const shared = {
    store: memoryStore(),
    lock: createFakeLock(),
    clock: createManualClock(),
    endpoint: createFakeEndpoint(),
  }
  return Array.from({ length: count }, () =>
    openTab({ ...shared, page: createFakePage(), channel: channels(), ...parts }),
  )
}

describe('inside the refresh-ahead window', () => {
  test('requests leave at once with the current token while one refresh runs in the background', async () => {
    const tab = await openSignedInTab()
    const answer = deferred<never>()
    tab.endpoint.answers(answer.promise)
    await tab.clock.advance(900_000 - 30_000)
    const requests = Array.from({ length: 20 }, () => request(tab))
    expect(requests.every(({ outcome }) => outcome === 'access-1')).toBe(true)
    await settled()
    expect(tab.endpoint.calls).toHaveLength(1)
    expect(request(tab).outcome).toBe('access-1')
  })

  test('the next request has the new token', async () => {
    const tab = await openSignedInTab()
    await tab.clock.advance(900_000 - 30_000)
    request(tab)
    await settled()
    expect(request(tab).outcome).toBe('access-2')
    expect(tab.endpoint.calls).toHaveLength(1)
  })

  test('before it nothing is refreshed', async () => {
    const tab = await openSignedInTab()
    await tab.clock.advance(900_000 - 30_001)
    expect(request(tab).outcome).toBe('access-1')
    await settled()
    expect(tab.endpoint.calls).toEqual([])
  })

  test('a server that refuses a refresh before the expiry is not asked before it', async () => {
    const tab = await openSignedInTab({ timing: 'after-expiry', refreshAheadMs: 10 * minute })
    await tab.clock.advance(900_000 - 1)
    expect(request(tab).outcome).toBe('access-1')
    expect(await tab.session.getAccessToken({ minValidityMs: 5 * minute })).toBe('access-1')
    expect(tab.endpoint.calls).toEqual([])
    await tab.clock.advance(1)
    expect(request(tab).outcome).toBeUndefined()
    await settled()
    expect(tab.endpoint.calls).toHaveLength(1)
  })

  test('while the auth server is down requests still leave at once, and it gets one probe at a time', async () => {
    const tab = await openSignedInTab({ random: () => 0.9 })
    tab.endpoint.always(unavailable())
    await tab.clock.advance(900_000 - 30_000)
    let isHeld = false
    for (let times = 0; times < 290; times++) {
      isHeld ||= request(tab).outcome !== 'access-1'
      await tab.clock.advance(100)
    }
    expect(isHeld).toBe(false)
    // Flights of three attempts, with cool-downs of 0.9, 1.8, 3.6 … s between them.
    expect(tab.endpoint.calls.length).toBeLessThanOrEqual(15)
    expect(tab.session.state).toMatchObject({ status: 'signed-in' })
  })

  test('a token of 4 s is used for its life', async () => {
    const tab = await openSignedInTab({}, 4)
    tab.endpoint.expiresIn = 4
    await tab.clock.advance(3599)
    expect(request(tab).outcome).toBe('access-1')
    await settled()
    expect(tab.endpoint.calls).toEqual([])
    await tab.clock.advance(1)
    expect(request(tab).outcome).toBe('access-1')
    await settled()
    expect(tab.endpoint.calls).toHaveLength(1)
    expect(request(tab).outcome).toBe('access-2')
  })

  test('a busy minute on tokens of 4 s takes one refresh per token', async () => {
    const tab = await openSignedInTab({}, 4)
    tab.endpoint.expiresIn = 4
    for (let times = 0; times < 600; times++) {
      expect(request(tab).outcome).toMatch(/^access-/)
      await tab.clock.advance(100)
    }
    expect(tab.endpoint.calls.length).toBeLessThanOrEqual(17)
    expect(tab.endpoint.calls.length).toBeGreaterThanOrEqual(14)
  })
})

describe('after the expiry', () => {
  test('a request waits for the new token', async () => {
    const tab = await openSignedInTab()
    await tab.clock.advance(900_000)
    const held = request(tab)
    expect(held.outcome).toBeUndefined()
    await settled()
    expect(held.outcome).toBe('access-2')
  })

  test('a thousand held requests settle by one refresh', async () => {
    const tab = await openSignedInTab()
    await tab.clock.advance(900_000)
    const requests = Array.from({ length: 1000 }, () => request(tab))
    await settled()
    expect(requests.filter(({ outcome }) => outcome === 'access-2')).toHaveLength(1000)
    expect(tab.endpoint.calls).toHaveLength(1)
    expect(tab.clock.armed).toEqual([])
  })

  test('a thousand held requests settle within their limit when no answer comes', async () => {
    const tab = await openSignedInTab()
    tab.endpoint.always(never)
    await tab.clock.advance(900_000)
    const requests = Array.from({ length: 1000 }, () => request(tab))
    await tab.clock.advance(10_000)
    expect(requests.filter(({ outcome }) => outcome === 'REFRESH_TIMEOUT')).toHaveLength(1000)
  })

  test('without a refresh token requests go on with the token there is', async () => {
    const tab = openTab()
    await tab.session.setTokens({ accessToken: 'access-1', expiresIn: 900 })
    await tab.clock.advance(900_000)
    expect(request(tab).outcome).toBe('access-1')
    expect(await codeOf(tab.session.refresh())).toBe('REFRESH_REFUSED')
    expect(tab.endpoint.calls).toEqual([])
  })
})

describe('a server that says "not expired yet"', () => {
  test('costs nothing: the tokens are kept, and the request goes on with what it has', async () => {
    const tab = await openSignedInTab()
    tab.endpoint.answers({ kind: 'not-due' })
    await tab.clock.advance(900_000)
    const held = request(tab)
    await settled()
    expect(held.outcome).toBe('access-1')
    expect(tab.session.state).toMatchObject({ status: 'signed-in', expiresAt: null, refreshing: false })
    expect(typesOf(tab.events)).not.toContain('refresh-failed')
    expect(tab.events).toContainEqual(expect.objectContaining({ type: 'warning', code: 'REFRESH_NOT_DUE' }))
  })

  test('is not asked again until the API refuses the token', async () => {
    const tab = await openSignedInTab()
    tab.endpoint.answers({ kind: 'not-due' })
    await tab.clock.advance(900_000)
    request(tab)
    await tab.clock.advance(minute)
    expect(request(tab).outcome).toBe('access-1')
    await settled()
    expect(tab.endpoint.calls).toHaveLength(1)
    const { tokens } = tab.gate
    expect((await tab.gate.replace(tokens as StoredTokens, {})).accessToken).toBe('access-2')
  })
})

describe('clocks', () => {
  test.each([-20, 20])('that are %d minutes off cause no refresh of a good token', async (minutes) => {
    const tab = openTab()
    const issuedAt = tab.clock.now() / 1000 + minutes * 60
    await tab.session.setTokens({
      accessToken: unsignedJwt({ iat: issuedAt, exp: issuedAt + 900 }),
      refreshToken: 'refresh-1',
    })
    expect(tab.session.state).toMatchObject({ expiresAt: tab.clock.now() + 15 * minute })
    await tab.clock.advance(14 * minute)
    request(tab)
    await settled()
    expect(tab.endpoint.calls).toEqual([])
  })

  test('a bare exp and a clock 20 minutes ahead leave it to the server: no refresh, no loop', async () => {
    const tab = openTab()
    const exp = tab.clock.now() / 1000 - 20 * 60 + 900
    await tab.session.setTokens({ accessToken: unsignedJwt({ exp }), refreshToken: 'refresh-1' })
    for (let times = 0; times < 20; times++) request(tab)
    await tab.clock.advance(10 * minute)
    expect(tab.endpoint.calls).toEqual([])
  })

  test.each([
    ['on demand', 'on-demand'],
    ['while visible', 'while-visible'],
  ] as const)(
    'a jump of a day ahead, refreshing %s, causes one extra refresh and no loop',
    async (_, autoRefresh) => {
      const tab = await openSignedInTab({ autoRefresh })
      tab.clock.jump(day)
      tab.page.signal('wake')
      for (let times = 0; times < 50; times++) {
        request(tab)
        await tab.clock.advance(1000)
      }
      expect(tab.endpoint.calls).toHaveLength(1)
    },
  )

  test.each([
    ['on demand', 'on-demand'],
    ['while visible', 'while-visible'],
  ] as const)(
    'a jump of a day back, refreshing %s, causes no refresh: the server has the word',
    async (_, autoRefresh) => {
      const tab = await openSignedInTab({ autoRefresh })
      tab.clock.jump(-day)
      tab.page.signal('wake')
      for (let times = 0; times < 50; times++) {
        expect(request(tab).outcome ?? 'held').toMatch(/^(access-1|held)$/)
        await tab.clock.advance(minute)
      }
      expect(tab.endpoint.calls).toEqual([])
      expect((await tab.gate.replace(tab.gate.tokens as StoredTokens, {})).accessToken).toBe('access-2')
      expect(tab.session.state).toMatchObject({ expiresAt: tab.clock.now() + 15 * minute })
    },
  )

  test.each([day, -day])('a jump of %d ms during a refresh causes at most one more', async (jumpMs) => {
    const tab = await openSignedInTab()
    await tab.clock.advance(900_000)
    tab.endpoint.answers(async () => {
      tab.clock.jump(jumpMs)
      return {
        kind: 'renewed',
        tokens: { accessToken: 'access-2', refreshToken: 'refresh-2', expiresIn: 900 },
      }
    })
    for (let times = 0; times < 20; times++) {
      request(tab)
      await tab.clock.advance(1000)
    }
    expect(tab.endpoint.calls.length).toBeLessThanOrEqual(2)
  })

  test.each([-day, -20 * minute, 20 * minute, day])(
    'a reload with a clock that is %d ms off causes at most one extra refresh',
    async (offMs) => {
      const store = memoryStore()
      const before = await openSignedInTab({ store })
      before.session.dispose()
      const clock = createManualClock(before.clock.now() + offMs)
      const tab = openTab({ store, clock })
      for (let times = 0; times < 50; times++) {
        request(tab)
        await clock.advance(1000)
      }
      expect(tab.endpoint.calls.length).toBeLessThanOrEqual(1)
      expect(tab.session.state.status).toBe('signed-in')
    },
  )

  test('a jump of a day back during a cool-down does not keep the user out for a day', async () => {
    const tab = await openSignedInTab()
    tab.endpoint.answers(unavailable(120_000))
    await codeOf(tab.session.refresh())
    tab.clock.jump(-day)
    await tab.clock.advance(5 * minute)
    expect(await tab.session.refresh()).toBe('access-2')
  })
})

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
    expect(tab.endpoint.calls.length).toBeLessThanOrEqual(120)
    tab.endpoint.always(undefined)
    await tab.clock.advance(minute)
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
    const [first] = tabs as [FakeTab]
    await first.session.setTokens({ accessToken: 'access-1', refreshToken: 'refresh-1', expiresIn: 900 })
    await first.clock.advance(900_000)
    expect(first.endpoint.calls).toHaveLength(1)
    expect(tabs.map((tab) => request(tab).outcome)).toEqual(Array(4).fill('access-2'))
  })
})

describe('without a network', () => {
  test('no attempt is made, and held requests fail at once with a retryable error', async () => {
    const tab = await openSignedInTab()
    await tab.clock.advance(900_000)
    tab.page.isOnlineNow = false
    const requests = Array.from({ length: 10 }, () => request(tab))
    await settled()
    expect(requests.every(({ outcome }) => outcome === 'REFRESH_FAILED')).toBe(true)
    expect(tab.endpoint.calls).toEqual([])
    expect(tab.session.state.status).toBe('signed-in')
    expect(tab.events).toContainEqual(expect.objectContaining({ type: 'refresh-failed', retryable: true }))
  })

  test('`online` starts one refresh where one had failed', async () => {
    const tab = await openSignedInTab()
    await tab.clock.advance(900_000)
    tab.page.isOnlineNow = false
    for (let times = 0; times < 5; times++) request(tab)
    await settled()
    tab.page.isOnlineNow = true
    tab.page.signal('online')
    await tab.clock.advance(minute)
    expect(tab.endpoint.calls).toHaveLength(1)
    expect(request(tab).outcome).toBe('access-2')
  })

  test('`online` starts none where none had failed', async () => {
    const tab = await openSignedInTab()
    tab.page.signal('online')
    await tab.clock.advance(minute)
    expect(tab.endpoint.calls).toEqual([])
  })

  test('`online` starts none where another tab has renewed meanwhile', async () => {
    const tab = await openSignedInTab()
    await tab.clock.advance(900_000)
    tab.page.isOnlineNow = false
    request(tab)
    await settled()
    await tab.store.write({
      ...(tab.gate.tokens as StoredTokens),
      generation: 2,
      accessToken: 'theirs',
      expiresAt: tab.clock.now() + 900_000,
    })
    tab.page.isOnlineNow = true
    tab.page.signal('online')
    await tab.clock.advance(minute)
    expect(request(tab).outcome).toBe('theirs')
    expect(tab.endpoint.calls).toEqual([])
  })

  test('of several tabs whose refresh had failed, `online` makes one renew', async () => {
    const tabs = openTabs(4)
    const [first] = tabs as [FakeTab]
    await first.session.setTokens({ accessToken: 'access-1', refreshToken: 'refresh-1', expiresIn: 900 })
    await first.clock.advance(900_000)
    for (const tab of tabs) {
      tab.page.isOnlineNow = false
      request(tab)
    }
    await settled()
    for (const tab of tabs) {
      tab.page.isOnlineNow = true
      tab.page.signal('online')
    }
    await first.clock.advance(minute)
    expect(first.endpoint.calls).toHaveLength(1)
  })

  test('a listener that asks for a refresh after each failure does not keep the page busy', async () => {
    const tab = await openSignedInTab()
    tab.page.isOnlineNow = false
    let failures = 0
    tab.session.on(({ type }) => {
      if (type !== 'refresh-failed' || ++failures > 200) return
      tab.session.refresh().catch(() => {})
    })
    tab.session.refresh().catch(() => {})
    await settled()
    expect(failures).toBeLessThan(10)
  })
})

describe('an auth server in trouble', () => {
  test('gets one probe at a time, not one per request', async () => {
    const tab = await openSignedInTab({ refreshTimeoutMs: 1000 })
    await tab.clock.advance(900_000)
    tab.endpoint.always(lost)
    let underWay = 0
    let most = 0
    const { renew } = tab.endpoint
    tab.endpoint.always(async () => {
      most = Math.max(most, ++underWay)
      await new Promise<void>((resolve) => tab.clock.after(50, resolve))
      underWay--
      return lost
    })
    expect(renew).toBeTypeOf('function')
    for (let times = 0; times < 600; times++) {
      request(tab)
      await tab.clock.advance(100)
    }
    expect(most).toBe(1)
    expect(tab.endpoint.calls.length).toBeLessThanOrEqual(30)
    expect(tab.session.state.status).toBe('signed-in')
  })

  test('asks for quiet in every tab', async () => {
    const tabs = openTabs(2)
    const [first, second] = tabs as [FakeTab, FakeTab]
    await first.session.setTokens({ accessToken: 'access-1', refreshToken: 'refresh-1', expiresIn: 900 })
    await settled()
    first.endpoint.answers(unavailable(120_000))
    await codeOf(first.session.refresh())
    await settled()
    expect(await codeOf(second.session.refresh())).toBe('REFRESH_FAILED')
    expect(first.endpoint.calls).toHaveLength(1)
    await first.clock.advance(120_000)
    expect(await second.session.refresh()).toBe('access-2')
  })

  test('whose word "quiet until doomsday" is forged keeps nobody for more than five minutes', async () => {
    const channels = createFakeChannels()
    const stranger = channels()
    const tab = await openSignedInTab({ channel: channels() })
    stranger.post({ type: 'cool-down', until: Number.MAX_VALUE })
    await settled()
    expect(await codeOf(tab.session.refresh())).toBe('REFRESH_FAILED')
    await tab.clock.advance(5 * minute)
    expect(await tab.session.refresh()).toBe('access-2')
  })
})

describe('tabs', () => {
  async function signedInTabs(count = 3): Promise<FakeTab[]> {
    const tabs = openTabs(count)
    await (tabs[0] as FakeTab).session.setTokens({
      accessToken: 'access-1',
      refreshToken: 'refresh-1',
      expiresIn: 900,
    })
    await settled()
    return tabs
  }

  test('a sign-in in one is a sign-in in all', async () => {
    const tabs = await signedInTabs()
    for (const { session, events } of tabs) {
      expect(session.state).toMatchObject({ status: 'signed-in' })
      expect(typesOf(events)).toEqual(['signed-in'])
    }
  })

  test('requests in all of them at an expired token cause one refresh', async () => {
    const tabs = await signedInTabs()
    const [first] = tabs as [FakeTab]
    await first.clock.advance(900_000)
    const requests = tabs.flatMap((tab) => Array.from({ length: 10 }, () => request(tab)))
    await settled()
    expect(requests.every(({ outcome }) => outcome === 'access-2')).toBe(true)
    expect(first.endpoint.calls).toHaveLength(1)
    expect(tabs.filter(({ events }) => typesOf(events).includes('adopted'))).toHaveLength(2)
    expect(tabs.filter(({ events }) => typesOf(events).includes('refresh-succeeded'))).toHaveLength(1)
  })

  test('a sign-out in one is a sign-out in all, once', async () => {
    const tabs = await signedInTabs()
    await (tabs[1] as FakeTab).session.signOut()
    await settled()
    for (const { session, events } of tabs) {
      expect(session.state).toEqual({ status: 'signed-out', reason: 'signed-out' })
      expect(typesOf(events)).toEqual(['signed-in', 'signed-out'])
    }
  })

  test('the end of the session is told once in each', async () => {
    const tabs = await signedInTabs()
    const [first] = tabs as [FakeTab]
    first.endpoint.always(ended)
    await Promise.all(tabs.map(({ session }) => codeOf(session.refresh())))
    await settled()
    for (const { session, events } of tabs) {
      expect(session.state).toEqual({ status: 'signed-out', reason: 'expired' })
      expect(typesOf(events).filter((type) => type === 'expired')).toHaveLength(1)
      expect(typesOf(events)).not.toContain('signed-out')
    }
    expect(first.endpoint.calls).toHaveLength(1)
  })

  test('a tab that slept reads the store before it believes its memory', async () => {
    const store = memoryStore()
    const tab = await openSignedInTab({ store })
    await store.write(storedRecord({ session: 'theirs', accessToken: 'access-9', expiresAt: null }))
    tab.page.signal('wake')
    const held = request(tab)
    expect(held.outcome).toBeUndefined()
    await settled()
    expect(held.outcome).toBe('access-9')
  })

  test('a store that tells of another tab is looked at', async () => {
    const store = memoryStore()
    let changed = (): void => {}
    const tab = await openSignedInTab({
      store: {
        ...store,
        subscribe(callback) {
          changed = callback
          return () => {}
        },
      },
    })
    await store.write(null)
    changed()
    await settled()
    expect(tab.session.state).toEqual({ status: 'signed-out', reason: 'signed-out' })
  })

  test('forged messages change nothing', async () => {
    const channels = createFakeChannels()
    const stranger = channels()
    const tab = await openSignedInTab({ channel: channels() })
    for (const type of ['changed', 'ended', 'ping', 'alive'] as const) stranger.post({ type })
    await settled()
    expect(tab.session.state.status).toBe('signed-in')
    expect(tab.endpoint.calls).toEqual([])
  })

  test('what they say to each other holds no token', async () => {
    const tabs = await signedInTabs()
    const [first] = tabs as [FakeTab]
    first.endpoint.answers(unavailable(1000))
    const refresh = first.session.refresh()
    await first.clock.advance(minute)
    await refresh
    await first.session.signOut()
    const said = JSON.stringify(tabs.map(({ channel }) => channel.posted))
    expect(said).toContain('cool-down')
    expect(said).not.toMatch(/access-|refresh-/)
  })
})

describe('a sign-out or another sign-in while a refresh runs', () => {
  test.each(['sign-out', 'sign-in'])(
    '%s: who waits hears SESSION_CHANGED at once, and the late tokens are dropped',
    async (act) => {
      const tab = await openSignedInTab()
      const answer = deferred<never>()
      tab.endpoint.answers(answer.promise)
      await tab.clock.advance(900_000)
      const held = request(tab)
      await settled()
      if (act === 'sign-out') await tab.session.signOut()
      else await tab.session.setTokens({ accessToken: 'access-9', refreshToken: 'refresh-9' })
      await settled()
      expect(held.outcome).toBe('SESSION_CHANGED')
      answer.resolve({ kind: 'renewed', tokens: { accessToken: 'access-2' } } as never)
      await settled()
      const kept = await tab.store.read()
      expect(kept?.accessToken).toBe(act === 'sign-out' ? undefined : 'access-9')
      expect(request(tab).outcome).toBe(act === 'sign-out' ? null : 'access-9')
    },
  )

  test("a request that was refused before is not sent again with the next user's token", async () => {
    const tab = await openSignedInTab()
    const refused = tab.gate.tokens as StoredTokens
    await tab.session.setTokens({ accessToken: 'access-9', refreshToken: 'refresh-9' })
    expect(await codeOf(tab.gate.replace(refused, {}))).toBe('SESSION_CHANGED')
    await tab.session.signOut()
    expect(await codeOf(tab.gate.replace(refused, {}))).toBe('SESSION_CHANGED')
    expect(tab.endpoint.calls).toEqual([])
  })

  test('a late refusal is served with the token there is, without a second refresh', async () => {
    const tab = await openSignedInTab()
    const refused = tab.gate.tokens as StoredTokens
    await tab.session.refresh()
    expect((await tab.gate.replace(refused, {})).accessToken).toBe('access-2')
    expect(tab.endpoint.calls).toHaveLength(1)
  })
})

describe('listeners that call back into the session', () => {
  test('by signing out when the user signs in: the last state that is told is the one that holds', async () => {
    const tab = openTab()
    await tab.session.ready
    tab.session.on(({ type }) => {
      if (type === 'signed-in') void tab.session.signOut()
    })
    await tab.session.setTokens({ accessToken: 'access-1' })
    await settled()
    expect(tab.session.state).toEqual({ status: 'signed-out', reason: 'signed-out' })
    expect(tab.states.at(-1)).toBe(tab.session.state)
  })

  test('by signing out in subscribe: everybody hears both states, in one order', async () => {
    const tab = openTab()
    await tab.session.ready
    const early: string[] = []
    const late: string[] = []
    tab.session.subscribe((state) => {
      early.push(state.status)
      if (state.status === 'signed-in') void tab.session.signOut()
    })
    tab.session.subscribe((state) => late.push(state.status))
    await tab.session.setTokens({ accessToken: 'access-1' })
    expect(early).toEqual(['signed-out', 'signed-in', 'signed-out'])
    expect(late).toEqual(early)
  })

  test('by signing out when a refresh starts: the refresh is abandoned, and nothing waits for ever', async () => {
    const tab = await openSignedInTab()
    tab.session.on(({ type }) => {
      if (type === 'refresh-started') void tab.session.signOut()
    })
    expect(await codeOf(tab.session.refresh())).toBe('SESSION_CHANGED')
    await settled()
    expect(tab.session.state).toEqual({ status: 'signed-out', reason: 'signed-out' })
    expect(await tab.store.read()).toBeNull()
    expect(tab.clock.armed).toEqual([])
  })

  test('by asking for another refresh when one has succeeded', async () => {
    const tab = await openSignedInTab()
    let again: Promise<string> | undefined
    tab.session.on(({ type }) => {
      if (type === 'refresh-succeeded') again ??= tab.session.refresh()
    })
    expect(await tab.session.refresh()).toBe('access-2')
    expect(await again).toBe('access-3')
  })

  test('by disposing of it when the session has ended', async () => {
    const tab = await openSignedInTab()
    tab.endpoint.answers(ended)
    tab.session.on(({ type }) => {
      if (type === 'expired') tab.session.dispose()
    })
    expect(await codeOf(tab.session.refresh())).toBe('SESSION_EXPIRED')
    await settled()
    expect(tab.clock.armed).toEqual([])
    expect(tab.page.listeners + tab.channel.listeners).toBe(0)
  })

  test('by throwing: subscribers are contained and told of, listeners of events are contained', async () => {
    const tab = openTab()
    const fail = (): never => {
      throw new Error('mine')
    }
    tab.session.subscribe(fail)
    tab.session.on(fail)
    await tab.session.setTokens({ accessToken: 'access-1', refreshToken: 'refresh-1' })
    expect(await tab.session.refresh()).toBe('access-2')
    expect(tab.events).toContainEqual(expect.objectContaining({ type: 'warning', code: 'LISTENER_THREW' }))
    expect(tab.states.at(-1)).toBe(tab.session.state)
  })
})

describe('a store that fails', () => {
  const hang = () => new Promise<never>(() => {})
  const reject = () => Promise.reject(new DOMException('full', 'QuotaExceededError'))
  const fail = () => {
    throw new Error('mine')
  }

  test.each([
    ['throws', fail],
    ['rejects', reject],
    ['hangs', hang],
  ])('when it %s, the tab works in memory, and an event says so', async (_, failing) => {
    const tab = openTab({ store: { read: failing, write: failing } })
    await tab.clock.advance(2000)
    await tab.session.ready
    expect(tab.session.state).toEqual({ status: 'signed-out', reason: 'none' })
    const set = tab.session.setTokens({ accessToken: 'access-1', refreshToken: 'refresh-1', expiresIn: 900 })
    expect(request(tab).outcome).toBe('access-1')
    await tab.clock.advance(10_000)
    await set
    const refresh = tab.session.refresh()
    await tab.clock.advance(10_000)
    expect(await refresh).toBe('access-2')
    const out = tab.session.signOut()
    expect(request(tab).outcome).toBeNull()
    await tab.clock.advance(10_000)
    await out
    expect(new Set(typesOf(tab.events))).toContain('store-failed')
    expect(tab.session.state).toEqual({ status: 'signed-out', reason: 'signed-out' })
  })

  test('when its `subscribe` or `close` throws, the session works, and nothing is left of it', async () => {
    const tab = openTab({ store: { ...memoryStore(), subscribe: fail, close: fail } })
    const teardown = vi.fn()
    tab.gate.onDispose(teardown)
    await tab.session.setTokens({ accessToken: 'access-1' })
    expect(await tab.session.getAccessToken()).toBe('access-1')
    expect(() => tab.session.dispose()).not.toThrow()
    expect(teardown).toHaveBeenCalledTimes(1)
    expect(tab.page.listeners + tab.channel.listeners).toBe(0)
  })

  test('when its unsubscribing throws, dispose goes on', () => {
    const tab = openTab({ store: { ...memoryStore(), subscribe: () => fail } })
    const teardown = vi.fn()
    tab.gate.onDispose(teardown)
    expect(() => tab.session.dispose()).not.toThrow()
    expect(teardown).toHaveBeenCalledTimes(1)
  })

  test('the record of a newer version is left alone, and the tab works in memory', async () => {
    const write = vi.fn()
    const tab = openTab({ store: { read: () => ({ version: 2, vault: 'sealed' }) as never, write } })
    await tab.session.ready
    expect(tab.session.state).toEqual({ status: 'signed-out', reason: 'none' })
    await tab.session.setTokens({ accessToken: 'access-1' })
    expect(request(tab).outcome).toBe('access-1')
    expect(write).not.toHaveBeenCalled()
  })

  test('garbage in it is nobody signed in', async () => {
    const write = vi.fn()
    const tab = openTab({ store: { read: () => '<html>' as never, write } })
    await tab.session.ready
    expect(tab.session.state).toEqual({ status: 'signed-out', reason: 'none' })
    expect(write).toHaveBeenCalledExactlyOnceWith(null)
  })
})

describe('after dispose', () => {
  test('no timer, listener or channel is left, whatever was under way', async () => {
    const tab = await openSignedInTab({ autoRefresh: 'while-visible' })
    tab.endpoint.always(never)
    await tab.clock.advance(900_000)
    const held = request(tab)
    const refresh = codeOf(tab.session.refresh())
    tab.page.signal('wake')
    tab.session.dispose()
    await settled()
    expect(held.outcome).toBe('DISPOSED')
    expect(await refresh).toBe('DISPOSED')
    expect(tab.clock.armed).toEqual([])
    expect(tab.page.listeners + tab.channel.listeners).toBe(0)
  })

  test('a reading of the store that was under way starts nothing', async () => {
    const reading = deferred<StoredTokens | null>()
    const tab = openTab({
      autoRefresh: 'while-visible',
      store: { ...memoryStore(), read: () => reading.promise },
    })
    const token = codeOf(tab.session.getAccessToken())
    const held = request(tab)
    tab.session.dispose()
    reading.resolve(storedRecord({ expiresAt: 1 }))
    await settled()
    expect(await token).toBe('DISPOSED')
    expect(held.outcome).toBe('DISPOSED')
    expect(tab.endpoint.calls).toEqual([])
    expect(tab.clock.armed).toEqual([])
  })

  test('a 401 that comes late starts no refresh', async () => {
    const tab = await openSignedInTab()
    const refused = tab.gate.tokens as StoredTokens
    tab.session.dispose()
    expect(await codeOf(tab.gate.replace(refused, {}))).toBe('DISPOSED')
    await settled()
    expect(tab.endpoint.calls).toEqual([])
    expect(tab.clock.armed).toEqual([])
  })

  test('the tokens stay in the store, and the next session finds them', async () => {
    const tab = await openSignedInTab()
    tab.session.dispose()
    const next = openTab({ store: tab.store })
    await next.session.ready
    expect(next.session.state).toMatchObject({ status: 'signed-in' })
  })

  test('every call rejects with DISPOSED', async () => {
    const tab = await openSignedInTab()
    tab.session.dispose()
    const { session } = tab
    const calls = [
      session.getAccessToken(),
      session.refresh(),
      session.signOut(),
      session.setTokens({ accessToken: 'a' }),
    ]
    expect(await Promise.all(calls.map(codeOf))).toEqual(Array(4).fill('DISPOSED'))
    expect(await tab.store.read()).toMatchObject({ accessToken: 'access-1' })
  })

  test('listeners hear nothing more, and a second dispose does nothing', async () => {
    const tab = await openSignedInTab()
    const close = vi.fn()
    tab.gate.onDispose(close)
    tab.endpoint.always(never)
    void codeOf(tab.session.refresh())
    await settled()
    const [events, states] = [tab.events.length, tab.states.length]
    tab.session.dispose()
    tab.session.dispose()
    await settled()
    expect([tab.events.length, tab.states.length]).toEqual([events, states])
    expect(close).toHaveBeenCalledTimes(1)
  })
})

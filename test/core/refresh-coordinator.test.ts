// @vitest-environment node
import { describe, expect, test, vi } from 'vitest'
import { createCoolDown } from '../../src/core/cool-down.js'
import { AuthError, type AuthErrorCode } from '../../src/core/errors.js'
import {
  createRefreshCoordinator,
  type RefreshNews,
  type Renewal,
  sessionChanged,
} from '../../src/core/refresh-coordinator.js'
import { guardStore, memoryStore } from '../../src/core/token-store.js'
import { createTokenVault } from '../../src/core/token-vault.js'
import type { StoredTokens } from '../../src/core/tokens.js'
import { deferred } from '../support/deferred.js'
import {
  createFakeEndpoint,
  ended,
  lost,
  misconfigured,
  never,
  renewed,
  unavailable,
} from '../support/fake-endpoint.js'
import { createFakeEnvironment, type FakeEnvironment } from '../support/fake-environment.js'

const user = { accessToken: 'access-1', refreshToken: 'refresh-1', expiresIn: 900 }
const limitMs = 10_000

async function setUp(shared: Partial<FakeEnvironment> = {}) {
  const environment = createFakeEnvironment(shared)
  const store = memoryStore()
  const endpoint = createFakeEndpoint()
  const news: RefreshNews[] = []
  const vault = createTokenVault(
    guardStore(store, environment.clock, () => {}),
    environment,
    () => {},
  )
  await vault.reread()
  await vault.signIn(user)
  const coolDown = createCoolDown(environment)
  const coordinator = createRefreshCoordinator({
    coolDown,
    vault,
    renew: endpoint.renew,
    refreshTimeoutMs: limitMs,
    environment,
    onNews: (what) => news.push(what),
  })
  return { ...environment, store, endpoint, news, vault, coolDown, coordinator }
}

const typesOf = (news: readonly RefreshNews[]): string[] => news.map(({ type }) => type)

/** The code that a refresh is rejected with, `undefined` if it is not. */
const codeOf = (refresh: Promise<unknown>): Promise<AuthErrorCode | undefined> =>
  refresh.then(
    () => undefined,
    (error: AuthError) => error.code,
  )

describe('one flight', () => {
  test('serves all who ask while it is under way', async () => {
    const { coordinator, endpoint, news } = await setUp()
    const all = await Promise.all(Array.from({ length: 50 }, () => coordinator.refresh()))
    expect(endpoint.calls).toHaveLength(1)
    expect(all.every(({ accessToken }) => accessToken === 'access-2')).toBe(true)
    expect(typesOf(news)).toEqual(['refresh-started', 'refresh-succeeded'])
  })

  test('fails for all who wait with the same error', async () => {
    const { coordinator, endpoint } = await setUp()
    endpoint.answers(misconfigured)
    const all = await Promise.allSettled(Array.from({ length: 50 }, () => coordinator.refresh()))
    const reasons = new Set(all.map((one) => (one as PromiseRejectedResult).reason))
    expect(endpoint.calls).toHaveLength(1)
    expect([...reasons]).toMatchObject([{ code: 'REFRESH_REFUSED', status: 404 }])
  })

  test('is under way from the asking to the settling', async () => {
    const { coordinator } = await setUp()
    expect(coordinator.isRefreshing).toBe(false)
    const refresh = coordinator.refresh()
    expect(coordinator.isRefreshing).toBe(true)
    await refresh
    expect(coordinator.isRefreshing).toBe(false)
  })

  test('is followed by another when one is asked for afterwards', async () => {
    const { coordinator, endpoint } = await setUp()
    await coordinator.refresh()
    expect((await coordinator.refresh()).accessToken).toBe('access-3')
    expect(endpoint.calls.map(({ refreshToken }) => refreshToken)).toEqual(['refresh-1', 'refresh-2'])
  })

  test('is told of when the waiters are settled and the lock is free', async () => {
    const order: string[] = []
    const environment = createFakeEnvironment()
    const { lock } = environment
    const { coordinator, news } = await setUp({
      ...environment,
      lock: (signal, work) => lock(signal, work).finally(() => order.push('free')),
    })
    const push = news.push.bind(news)
    news.push = (what) => {
      order.push(what.type)
      return push(what)
    }
    await coordinator.refresh()
    expect(order).toEqual(['refresh-started', 'free', 'refresh-succeeded'])
  })

  test('leaves no timer', async () => {
    const { coordinator, clock } = await setUp()
    await coordinator.refresh()
    expect(clock.armed).toEqual([])
  })

  test('is not started when nobody is signed in', async () => {
    const { coordinator, vault, endpoint, news } = await setUp()
    await vault.signOut()
    expect(await codeOf(coordinator.refresh())).toBe('SESSION_EXPIRED')
    expect(endpoint.calls).toEqual([])
    expect(news).toEqual([])
  })

  test('is not started by a call whose signal has aborted already', async () => {
    const { coordinator, endpoint, clock } = await setUp()
    await expect(coordinator.refresh({ signal: AbortSignal.abort('enough') })).rejects.toBe('enough')
    await clock.advance(1000)
    expect(endpoint.calls).toEqual([])
  })
})

describe('a caller who gives up', () => {
  test('by its signal is let go at once, and the flight goes on for the others', async () => {
    const { coordinator, endpoint } = await setUp()
    const answer = deferred<Renewal>()
    endpoint.answers(answer.promise)
    const controller = new AbortController()
    const impatient = coordinator.refresh({ signal: controller.signal })
    const patient = coordinator.refresh()
    controller.abort('enough')
    await expect(impatient).rejects.toBe('enough')
    answer.resolve(renewed('access-2'))
    expect((await patient).accessToken).toBe('access-2')
  })

  test('by its time limit hears why, and a reply that comes later is still stored', async () => {
    const { coordinator, endpoint, clock, store } = await setUp()
    const answer = deferred<Renewal>()
    endpoint.answers(answer.promise)
    const code = codeOf(coordinator.refresh())
    await clock.advance(limitMs)
    expect(await code).toBe('REFRESH_TIMEOUT')
    expect(coordinator.isRefreshing).toBe(true)
    answer.resolve(renewed('access-2'))
    await clock.advance(0)
    expect(await store.read()).toMatchObject({ accessToken: 'access-2' })
    expect(coordinator.isRefreshing).toBe(false)
  })

  test('because another tab keeps the lock hears that', async () => {
    const environment = createFakeEnvironment()
    void environment.lock(new AbortController().signal, () => new Promise(() => {}))
    const { coordinator, endpoint, clock } = await setUp(environment)
    const code = codeOf(coordinator.refresh())
    await clock.advance(limitMs)
    expect(await code).toBe('LOCK_TIMEOUT')
    await clock.advance(limitMs)
    expect(endpoint.calls).toEqual([])
    expect(coordinator.isRefreshing).toBe(false)
    expect(clock.armed).toEqual([])
  })

  test('has its own limit: who joins late waits as long as who came first', async () => {
    const { coordinator, endpoint, clock } = await setUp()
    const answer = deferred<Renewal>()
    endpoint.answers(answer.promise)
    const first = codeOf(coordinator.refresh())
    await clock.advance(limitMs - 1000)
    const second = coordinator.refresh()
    await clock.advance(2000)
    expect(await first).toBe('REFRESH_TIMEOUT')
    answer.resolve(renewed('access-2'))
    expect((await second).accessToken).toBe('access-2')
  })
})

describe('a flight that gets no answer', () => {
  test('is given up after twice the limit, and the lock is free for the next', async () => {
    const { coordinator, endpoint, clock, news } = await setUp()
    endpoint.answers(never)
    const code = codeOf(coordinator.refresh())
    await clock.advance(2 * limitMs)
    expect(await code).toBe('REFRESH_TIMEOUT')
    expect(typesOf(news)).toEqual(['refresh-started', 'refresh-failed'])
    const next = coordinator.refresh()
    await clock.advance(limitMs)
    expect((await next).accessToken).toBe('access-2')
  })

  test('hands its signal to the endpoint, aborted when it is given up', async () => {
    const { coordinator, endpoint, clock } = await setUp()
    let heard: AbortSignal | undefined
    endpoint.answers((_, signal) => {
      heard = signal
      return never()
    })
    const code = codeOf(coordinator.refresh())
    await clock.advance(2 * limitMs - 1)
    expect(heard?.aborted).toBe(false)
    await clock.advance(1)
    expect(heard?.aborted).toBe(true)
    await code
  })

  test('of a page that was frozen keeps the rotated token that waits in the queue', async () => {
    const { coordinator, endpoint, clock, vault } = await setUp()
    const answer = deferred<Renewal>()
    endpoint.answers(answer.promise)
    const code = codeOf(coordinator.refresh())
    await clock.advance(100)
    await clock.freeze(3_600_000)
    answer.resolve(renewed('access-2', 'refresh-2'))
    await clock.advance(0)
    expect(await code).toBe('REFRESH_TIMEOUT')
    expect(vault.tokens).toMatchObject({ accessToken: 'access-2', refreshToken: 'refresh-2' })
  })
})

describe('what passes', () => {
  test("is tried again twice, with growing delays, inside the caller's limit", async () => {
    const { coordinator, endpoint, clock } = await setUp({ random: () => 0.999 })
    endpoint.answers(unavailable(), unavailable())
    const refresh = coordinator.refresh()
    await clock.advance(998)
    expect(endpoint.calls).toHaveLength(1)
    await clock.advance(2)
    expect(endpoint.calls).toHaveLength(2)
    await clock.advance(1996)
    expect(endpoint.calls).toHaveLength(2)
    await clock.advance(2)
    expect(endpoint.calls).toHaveLength(3)
    expect((await refresh).accessToken).toBe('access-2')
  })

  test('and does not pass fails after three attempts, retryably, with the session kept', async () => {
    const { coordinator, endpoint, clock, vault, store } = await setUp()
    endpoint.always(unavailable())
    const refresh = coordinator.refresh()
    const failure = expect(refresh).rejects.toMatchObject({
      code: 'REFRESH_FAILED',
      retryable: true,
      status: 503,
    })
    await clock.advance(limitMs)
    await failure
    expect(endpoint.calls).toHaveLength(3)
    expect(vault.tokens?.accessToken).toBe('access-1')
    expect(store.read()).toEqual(vault.tokens)
  })

  test('a lost reply is tried once more, at once, with the same refresh token', async () => {
    const { coordinator, endpoint, clock } = await setUp()
    endpoint.answers(lost)
    const refresh = coordinator.refresh()
    await clock.advance(0)
    expect((await refresh).accessToken).toBe('access-2')
    expect(endpoint.calls.map(({ refreshToken }) => refreshToken)).toEqual(['refresh-1', 'refresh-1'])
  })

  test('by a page that is left it is not tried at once: a closing page would spend the token for nobody', async () => {
    const { coordinator, endpoint, page, clock } = await setUp()
    endpoint.answers(async () => {
      page.signal('leave')
      return lost
    })
    const refresh = coordinator.refresh()
    await clock.advance(999)
    expect(endpoint.calls).toHaveLength(1)
    await clock.advance(1)
    await refresh
    expect(endpoint.calls).toHaveLength(2)
    expect(page.listeners).toBe(0)
  })

  test('a second lost reply is not: a series of them would look like theft', async () => {
    const { coordinator, endpoint, clock } = await setUp()
    endpoint.always(lost)
    const code = codeOf(coordinator.refresh())
    await clock.advance(2 * limitMs)
    expect(await code).toBe('REFRESH_FAILED')
    expect(endpoint.calls).toHaveLength(2)
  })

  test('a misconfiguration is not tried again', async () => {
    const { coordinator, endpoint, clock, vault } = await setUp()
    endpoint.always(misconfigured)
    const code = codeOf(coordinator.refresh())
    await clock.advance(2 * limitMs)
    expect(await code).toBe('REFRESH_REFUSED')
    expect(endpoint.calls).toHaveLength(1)
    expect(vault.tokens?.accessToken).toBe('access-1')
  })
})

describe('the cool-down after a failed flight', () => {
  async function failing(random: () => number) {
    const all = await setUp({ random })
    all.endpoint.always(misconfigured)
    await codeOf(all.coordinator.refresh())
    return all
  }

  test('leaves the endpoint alone: who asks meanwhile gets the last error at once', async () => {
    const { coordinator, endpoint } = await failing(() => 0.5)
    expect(await codeOf(coordinator.refresh())).toBe('REFRESH_REFUSED')
    expect(endpoint.calls).toHaveLength(1)
  })

  test('starts with up to a second, doubles with each failure, and ends at five minutes', async () => {
    const { coordinator, clock, endpoint, coolDown } = await failing(() => 0.9999)
    const waits: number[] = []
    for (let times = 0; times < 12; times++) {
      const waitMs = coolDown.notBefore() - clock.now()
      waits.push(Math.round(waitMs / 1000))
      await clock.advance(waitMs + 1)
      await codeOf(coordinator.refresh())
    }
    expect(waits).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300])
    expect(endpoint.calls).toHaveLength(13)
  })

  test('is full jitter: clients who failed together come back spread over all of it', async () => {
    const waits: number[] = []
    for (let client = 0; client < 100; client++) {
      const { clock, coolDown } = await failing(() => client / 100)
      waits.push(coolDown.notBefore() - clock.now())
    }
    expect(Math.min(...waits)).toBeLessThan(20)
    expect(Math.max(...waits)).toBeGreaterThan(980)
    expect(new Set(waits).size).toBe(100)
  })

  test('starts afresh after a success', async () => {
    const { coordinator, clock, endpoint, coolDown } = await failing(() => 0.9999)
    for (let times = 0; times < 5; times++) {
      await clock.advance(coolDown.notBefore() - clock.now() + 1)
      await codeOf(coordinator.refresh())
    }
    endpoint.answers(renewed('access-2'))
    await clock.advance(60_000)
    await coordinator.refresh()
    expect(coolDown.notBefore()).toBeLessThanOrEqual(clock.now())
    await codeOf(coordinator.refresh())
    expect(coolDown.notBefore() - clock.now()).toBeLessThanOrEqual(1000)
  })

  test('ends with one probe: nothing is tried again in a flight until the server has recovered', async () => {
    const { coordinator, endpoint, clock, coolDown } = await setUp()
    endpoint.always(unavailable())
    const first = codeOf(coordinator.refresh())
    await clock.advance(limitMs)
    expect(await first).toBe('REFRESH_FAILED')
    expect(endpoint.calls).toHaveLength(3)
    await clock.advance(coolDown.notBefore() - clock.now())
    expect(await codeOf(coordinator.refresh())).toBe('REFRESH_FAILED')
    expect(endpoint.calls).toHaveLength(4)
    await clock.advance(coolDown.notBefore() - clock.now())
    endpoint.always(undefined)
    await coordinator.refresh()
    endpoint.answers(unavailable())
    const later = coordinator.refresh()
    await clock.advance(limitMs)
    expect((await later).accessToken).toBe('access-3')
  })

  test('who can wait for the end of it does, and one probe serves all who did', async () => {
    const { coordinator, endpoint, clock } = await setUp({ random: () => 0.9 })
    endpoint.always(unavailable())
    const code = codeOf(coordinator.refresh())
    await clock.advance(limitMs)
    await code
    endpoint.always(undefined)
    endpoint.calls.splice(0)
    const all = Array.from({ length: 100 }, () => coordinator.refresh())
    await clock.advance(limitMs)
    expect(new Set((await Promise.all(all)).map(({ accessToken }) => accessToken)).size).toBe(1)
    expect(endpoint.calls).toHaveLength(1)
  })

  test('a clock that is set back a day does not make it a day long', async () => {
    const { coordinator, clock, endpoint } = await failing(() => 0.5)
    clock.jump(-86_400_000)
    endpoint.answers(renewed('access-2'))
    await clock.advance(300_000)
    expect((await coordinator.refresh()).accessToken).toBe('access-2')
  })
})

describe('Retry-After', () => {
  test('is honoured: nobody asks before', async () => {
    const { coordinator, endpoint, clock } = await setUp()
    endpoint.answers(unavailable(120_000))
    expect(await codeOf(coordinator.refresh())).toBe('REFRESH_FAILED')
    await clock.advance(119_000 - limitMs)
    expect(await codeOf(coordinator.refresh())).toBe('REFRESH_FAILED')
    expect(endpoint.calls).toHaveLength(1)
    await clock.advance(1000 + limitMs)
    expect(endpoint.calls).toHaveLength(1)
    const refresh = coordinator.refresh()
    await clock.advance(120_000)
    expect((await refresh).accessToken).toBe('access-2')
  })

  test('that is short is waited for inside the flight', async () => {
    const { coordinator, endpoint, clock } = await setUp()
    endpoint.answers(unavailable(3000))
    const refresh = coordinator.refresh()
    await clock.advance(2999)
    expect(endpoint.calls).toHaveLength(1)
    await clock.advance(5000)
    expect((await refresh).accessToken).toBe('access-2')
  })

  test.each([301_000, 86_400_000, Infinity])('of %d ms counts as five minutes', async (retryAfterMs) => {
    const { coordinator, endpoint, clock, coolDown } = await setUp({ random: () => 0 })
    endpoint.answers(unavailable(retryAfterMs))
    await codeOf(coordinator.refresh())
    expect(coolDown.notBefore() - clock.now()).toBe(300_000)
    await clock.advance(300_000)
    expect((await coordinator.refresh()).accessToken).toBe('access-2')
  })

  test.each([301_000, Infinity])(
    'of %d ms is passed on as an instant that the other tabs understand',
    async (ms) => {
      const { coordinator, endpoint, clock, channel } = await setUp()
      endpoint.answers(unavailable(ms))
      await codeOf(coordinator.refresh())
      const until = channel.posted.flatMap((message) => (message.type === 'cool-down' ? [message.until] : []))
      expect(until).toHaveLength(1)
      expect(until[0]).toBeGreaterThanOrEqual(clock.now() + 300_000)
      expect(until[0]).toBeLessThan(Infinity)
    },
  )

  test('is passed on to the other tabs, as the instant that this one waits for', async () => {
    const { coordinator, endpoint, clock, channel, coolDown } = await setUp({ random: () => 0.5 })
    endpoint.answers(unavailable(120_000))
    await codeOf(coordinator.refresh())
    expect(channel.posted).toContainEqual({ type: 'cool-down', until: clock.now() + 180_000 })
    expect(coolDown.notBefore()).toBe(clock.now() + 180_000)
  })

  test('that is waited for inside the flight is passed on as it is', async () => {
    const { coordinator, endpoint, clock, channel } = await setUp()
    endpoint.answers(unavailable(3000))
    const refresh = coordinator.refresh()
    await clock.advance(0)
    expect(channel.posted).toContainEqual({ type: 'cool-down', until: clock.now() + 3000 })
    await clock.advance(limitMs)
    await refresh
  })

  test('from another tab is honoured, for as long as this one would rest', async () => {
    const { coordinator, endpoint, clock, coolDown } = await setUp()
    coolDown.restUntil(clock.now() + 10 ** 12)
    await clock.advance(300_000)
    expect(await codeOf(coordinator.refresh())).toBe('REFRESH_FAILED')
    expect(endpoint.calls).toEqual([])
    await clock.advance(300_000)
    expect((await coordinator.refresh()).accessToken).toBe('access-2')
  })

  test('an earlier one does not shorten a later one', async () => {
    const { clock, coolDown } = await setUp()
    coolDown.restUntil(clock.now() + 200_000)
    coolDown.restUntil(clock.now() + 1000)
    expect(coolDown.notBefore()).toBe(clock.now() + 200_000)
  })
})

describe('no network', () => {
  test('no attempt is made, and who waits is told so at once', async () => {
    const { coordinator, endpoint, page, coolDown } = await setUp()
    page.isOnlineNow = false
    const error = await coordinator.refresh().catch((reason: unknown) => reason)
    expect(error).toMatchObject({ code: 'REFRESH_FAILED', retryable: true })
    expect(error).not.toHaveProperty('status')
    expect(endpoint.calls).toEqual([])
    expect(coolDown.trouble).toBeDefined()
  })

  test('costs the server nothing, so that the first attempt with the network is made at once', async () => {
    const { coordinator, endpoint, page } = await setUp()
    page.isOnlineNow = false
    await codeOf(coordinator.refresh())
    page.isOnlineNow = true
    expect((await coordinator.refresh()).accessToken).toBe('access-2')
    expect(endpoint.calls).toHaveLength(1)
  })

  test('that is lost in flight ends the flight without another attempt', async () => {
    const { coordinator, endpoint, page } = await setUp()
    endpoint.answers(async () => {
      page.isOnlineNow = false
      return lost
    })
    expect(await codeOf(coordinator.refresh())).toBe('REFRESH_FAILED')
    expect(endpoint.calls).toHaveLength(1)
  })

  test('a signal that it is back ends the cool-down', async () => {
    const { coordinator, endpoint, coolDown } = await setUp({ random: () => 0.9 })
    endpoint.answers(misconfigured)
    await codeOf(coordinator.refresh())
    coolDown.forget()
    expect((await coordinator.refresh()).accessToken).toBe('access-2')
  })
})

describe('not due', () => {
  test('costs nothing: the tokens are kept, and their expiry is left to the server', async () => {
    const { coordinator, endpoint, vault, news, coolDown } = await setUp()
    endpoint.answers({ kind: 'not-due' })
    const tokens = await coordinator.refresh()
    expect(tokens).toMatchObject({ accessToken: 'access-1', expiresAt: null, generation: 1 })
    expect(vault.tokens).toBe(tokens)
    expect(typesOf(news)).toEqual(['refresh-started', 'refresh-not-due'])
    expect(coolDown.trouble).toBeUndefined()
  })
})

describe('the end', () => {
  test('is told to all who wait', async () => {
    const { coordinator, endpoint, vault, store } = await setUp()
    endpoint.answers(ended)
    const codes = await Promise.all([codeOf(coordinator.refresh()), codeOf(coordinator.refresh())])
    expect(codes).toEqual(['SESSION_EXPIRED', 'SESSION_EXPIRED'])
    expect(vault.tokens).toBeNull()
    expect(store.read()).toBeNull()
  })

  test('is none when another tab has renewed meanwhile: its tokens serve', async () => {
    const { coordinator, endpoint, vault, store } = await setUp()
    endpoint.answers(async (tokens) => {
      await store.write({ ...tokens, generation: 2, accessToken: 'theirs' })
      return ended
    })
    expect((await coordinator.refresh()).accessToken).toBe('theirs')
    expect(vault.tokens?.accessToken).toBe('theirs')
  })
})

describe('another tab', () => {
  test('that renewed while we waited for the lock saves us the call', async () => {
    const environment = createFakeEnvironment()
    const holding = deferred<void>()
    void environment.lock(new AbortController().signal, () => holding.promise)
    const { coordinator, endpoint, store, vault } = await setUp(environment)
    const refresh = coordinator.refresh()
    await store.write({ ...(vault.tokens as StoredTokens), generation: 2, accessToken: 'theirs' })
    holding.resolve()
    expect((await refresh).accessToken).toBe('theirs')
    expect(endpoint.calls).toEqual([])
  })

  test('that signed out while we waited for the lock: nothing is sent', async () => {
    const environment = createFakeEnvironment()
    const holding = deferred<void>()
    void environment.lock(new AbortController().signal, () => holding.promise)
    const { coordinator, endpoint, store } = await setUp(environment)
    const code = codeOf(coordinator.refresh())
    await store.write(null)
    holding.resolve()
    expect(await code).toBe('SESSION_CHANGED')
    expect(endpoint.calls).toEqual([])
  })
})

describe('abandoning', () => {
  test('lets all who wait go at once, and the late reply is dropped', async () => {
    const { coordinator, endpoint, vault, store, clock } = await setUp()
    const answer = deferred<Renewal>()
    endpoint.answers(answer.promise)
    const codes = [codeOf(coordinator.refresh()), codeOf(coordinator.refresh())]
    await clock.advance(0)
    coordinator.abandon(new AuthError('SESSION_CHANGED', ''))
    await vault.signOut()
    expect(await Promise.all(codes)).toEqual(['SESSION_CHANGED', 'SESSION_CHANGED'])
    answer.resolve(renewed('access-2', 'refresh-2'))
    await clock.advance(0)
    expect(vault.tokens).toBeNull()
    expect(store.read()).toBeNull()
    expect(clock.armed).toEqual([])
  })

  test('frees the lock, even if the endpoint does not heed its signal', async () => {
    const { coordinator, endpoint, vault, clock } = await setUp()
    endpoint.answers(never)
    const code = codeOf(coordinator.refresh())
    await clock.advance(0)
    coordinator.abandon(new AuthError('SESSION_CHANGED', ''))
    await code
    await vault.signIn({ accessToken: 'access-9', refreshToken: 'refresh-9' })
    expect((await coordinator.refresh()).accessToken).toBe('access-2')
    expect(endpoint.calls.at(-1)?.refreshToken).toBe('refresh-9')
  })

  test('forgets the failures of the session before', async () => {
    const { coordinator, endpoint, clock, coolDown } = await setUp({ random: () => 0.9 })
    endpoint.answers(misconfigured)
    await codeOf(coordinator.refresh())
    coordinator.abandon(new AuthError('SESSION_CHANGED', ''))
    expect(coolDown.trouble).toBeUndefined()
    expect(coolDown.notBefore()).toBeLessThanOrEqual(clock.now())
  })

  test('keeps nobody waiting, even if the lock does not heed its signal', async () => {
    const { coordinator, clock } = await setUp({ lock: () => new Promise(() => {}) })
    const code = codeOf(coordinator.refresh())
    coordinator.abandon(new AuthError('SESSION_CHANGED', ''))
    expect(await code).toBe('SESSION_CHANGED')
    await clock.advance(0)
    expect(clock.armed).toEqual([])
  })

  test('does not end the refresh that is started after it', async () => {
    const { coordinator, endpoint, clock } = await setUp()
    endpoint.answers(never, never)
    const codes = [codeOf(coordinator.refresh())]
    await clock.advance(0)
    coordinator.abandon(new AuthError('SESSION_CHANGED', ''))
    codes.push(codeOf(coordinator.refresh()))
    await clock.advance(0)
    codes.push(codeOf(coordinator.refresh()))
    await clock.advance(0)
    expect(coordinator.isRefreshing).toBe(true)
    expect(endpoint.calls).toHaveLength(2)
    coordinator.abandon(new AuthError('DISPOSED', ''))
    expect(await Promise.all(codes)).toEqual(['SESSION_CHANGED', 'DISPOSED', 'DISPOSED'])
  })

  test('by an app that hears the signal of a refresh which took too long keeps the first reason', async () => {
    const { coordinator, endpoint, clock } = await setUp()
    const abandoned = vi.fn(() => coordinator.abandon(new AuthError('SESSION_CHANGED', '')))
    endpoint.answers((_, signal) => {
      signal.addEventListener('abort', abandoned)
      return never()
    })
    const code = codeOf(coordinator.refresh())
    await clock.advance(2 * limitMs)
    expect(await code).toBe('REFRESH_TIMEOUT')
    expect(abandoned.mock.results).toEqual([{ type: 'return', value: undefined }])
  })

  test('when nothing is under way does no harm', async () => {
    const { coordinator, news } = await setUp()
    coordinator.abandon(new AuthError('DISPOSED', ''))
    expect(news).toEqual([])
  })
})

describe('errors say what happened', () => {
  const messageOf = (refresh: Promise<unknown>): Promise<string> =>
    refresh.then(
      () => 'none',
      (error: AuthError) => error.message,
    )

  test('without an answer', async () => {
    const { coordinator, endpoint, clock } = await setUp()
    endpoint.always(never)
    const message = messageOf(coordinator.refresh())
    await clock.advance(2 * limitMs)
    expect(await message).toBe('The refresh endpoint gave no answer in time')
  })

  test('without the lock', async () => {
    const { coordinator, clock } = await setUp({ lock: () => new Promise(() => {}) })
    const message = messageOf(coordinator.refresh())
    await clock.advance(2 * limitMs)
    expect(await message).toBe('Another tab kept the refresh lock')
  })

  test('without a network, without a user, and in a quiet that another tab was asked for', async () => {
    const { coordinator, page, vault, coolDown, clock } = await setUp()
    coolDown.restUntil(clock.now() + 60_000)
    expect(await messageOf(coordinator.refresh())).toBe('The auth server asked for quiet')
    page.isOnlineNow = false
    expect(await messageOf(coordinator.refresh())).toBe('There is no network')
    await vault.signOut()
    expect(await messageOf(coordinator.refresh())).toBe('Nobody is signed in, or no longer')
    expect(sessionChanged().message).toMatch(/^The user signed out, or another one signed in/)
  })
})

test('no network is told once, not with each request', async () => {
  const { coordinator, page, news } = await setUp()
  page.isOnlineNow = false
  await codeOf(coordinator.refresh())
  expect(typesOf(news)).toEqual(['refresh-failed'])
  await codeOf(coordinator.refresh())
  expect(typesOf(news)).toEqual(['refresh-failed'])
})

test('a failure that is seen after the flight was given up is told to nobody', async () => {
  const environment = createFakeEnvironment()
  const { lock } = environment
  const release = deferred<void>()
  const { coordinator, endpoint, channel, clock } = await setUp({
    ...environment,
    lock: (signal, work) => lock(signal, () => work().finally(() => release.promise)),
  })
  endpoint.answers(unavailable(3000))
  const code = codeOf(coordinator.refresh())
  await clock.advance(2 * limitMs)
  expect(await code).toBe('REFRESH_TIMEOUT')
  release.resolve()
  await clock.advance(0)
  expect(channel.posted.filter(({ type }) => type === 'cool-down')).toEqual([])
})

test('without a Retry-After nothing is said to the other tabs', async () => {
  const { coordinator, endpoint, channel, clock, coolDown } = await setUp()
  endpoint.answers(unavailable())
  const refresh = coordinator.refresh()
  await clock.advance(limitMs)
  await refresh
  expect(channel.posted.filter(({ type }) => type === 'cool-down')).toEqual([])
  expect(coolDown.notBefore()).toBeLessThanOrEqual(clock.now())
})

test.each([
  [5000, true],
  [5001, false],
])('a Retry-After of %d ms, with a limit of 10 s, is waited for: %s', async (retryAfterMs, isWaitedFor) => {
  const { coordinator, endpoint, clock } = await setUp()
  endpoint.answers(unavailable(retryAfterMs))
  const code = codeOf(coordinator.refresh())
  await clock.advance(2 * limitMs)
  expect(await code).toBe(isWaitedFor ? undefined : 'REFRESH_FAILED')
})

test('a quiet that is asked for while we look at the store is heeded before the call', async () => {
  const environment = createFakeEnvironment()
  const { lock } = environment
  let quiet = (): void => {}
  const all = await setUp({
    ...environment,
    lock: (signal, work) =>
      lock(signal, () => {
        quiet()
        return work()
      }),
  })
  quiet = () => {
    all.coolDown.restUntil(all.clock.now() + 3000)
    quiet = () => {}
  }
  const refresh = all.coordinator.refresh()
  await all.clock.advance(2999)
  expect(all.endpoint.calls).toEqual([])
  await all.clock.advance(1)
  await refresh
})

test('a page that was stopped while it looked at the store begins again, in its turn', async () => {
  const environment = createFakeEnvironment()
  let turns = 0
  let stop = (): void => {}
  const { lock, clock } = environment
  const all = await setUp({
    ...environment,
    lock: (signal, work) =>
      lock(signal, () => {
        turns++
        const result = work()
        stop()
        return result
      }),
  })
  stop = () => {
    clock.jump(5001)
    stop = () => {}
  }
  await all.coordinator.refresh()
  expect(turns).toBe(2)
  expect(all.endpoint.calls).toHaveLength(1)
})

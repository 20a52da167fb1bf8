// @vitest-environment node
import { describe, expect, test, vi } from 'vitest'
import { AuthError } from '../../src/core/errors.js'
import type { SessionEvent } from '../../src/core/events.js'
import { createRefreshCoordinator } from '../../src/core/refresh-coordinator.js'
import type { RefreshOutcome } from '../../src/core/refresh-outcome.js'
import { createSessionPhase, goneIn } from '../../src/core/session-phase.js'
import { createSessionRecord } from '../../src/core/session-record.js'
import { createFailsafeStore, memoryStore, type TokenStore } from '../../src/core/token-store.js'
import type { StoredTokens } from '../../src/core/tokens.js'
import { withHelp } from '../../src/development/help-page.js'
import { deferred } from '../support/deferred.js'
import {
  createFakeEndpoint,
  ended,
  lost,
  misconfigured,
  never,
  refreshed,
  unavailable,
} from '../support/fake-endpoint.js'
import { createFakeEnvironment, type FakeEnvironment } from '../support/fake-environment.js'
import { codeOf } from '../support/held-request.js'
import { settled } from '../support/settled.js'
import { storedRecord } from '../support/stored-record.js'
import { typesOf } from '../support/types-of.js'
import { unsignedJwt } from '../support/unsigned-jwt.js'

const user = { accessToken: 'access-1', refreshToken: 'refresh-1', expiresIn: 900 }
const limitMs = 10_000

interface Given extends Partial<FakeEnvironment> {
  store?: TokenStore
  refreshTimeoutMs?: number
}

/** One that knows nobody yet, and whose store has been read. */
async function setUpUnknown({ store = memoryStore(), refreshTimeoutMs = limitMs, ...shared }: Given = {}) {
  const environment = createFakeEnvironment(shared)
  const { clock } = environment
  const endpoint = createFakeEndpoint()
  const phase = createSessionPhase<unknown>(clock)
  const failsafe = createFailsafeStore(store, clock, new AbortController().signal, phase.emit)
  const record = createSessionRecord(phase, failsafe, environment)
  const { callRefresh } = endpoint
  const parts = { phase, record, callRefresh, refreshTimeoutMs, environment }
  const coordinator = createRefreshCoordinator(parts)
  const events: SessionEvent[] = []
  phase.on((event) => events.push(event))
  await record.reread()
  return { ...environment, store, endpoint, events, phase, record, coordinator }
}

/** One in which a user has signed in. */
async function setUp(given?: Given) {
  const all = await setUpUnknown(given)
  await all.record.signIn(user)
  all.events.length = 0
  return all
}

describe('one flight', () => {
  test('serves all who ask while it is under way', async () => {
    const { coordinator, endpoint, events } = await setUp()
    const all = await Promise.all(Array.from({ length: 50 }, () => coordinator.refresh()))
    expect(endpoint.calls).toHaveLength(1)
    expect(all.every(({ accessToken }) => accessToken === 'access-2')).toBe(true)
    expect(typesOf(events)).toEqual(['refresh-started', 'refresh-succeeded'])
  })

  test('fails for all who wait with the same error', async () => {
    const { coordinator, endpoint } = await setUp()
    endpoint.answers(misconfigured)
    const all = await Promise.allSettled(Array.from({ length: 50 }, () => coordinator.refresh()))
    const reasons = new Set(all.map((one) => (one as PromiseRejectedResult).reason))
    expect(endpoint.calls).toHaveLength(1)
    expect([...reasons]).toMatchObject([{ code: 'REFRESH_REFUSED', status: 404 }])
  })

  test('is under way from the call until it is settled', async () => {
    const { coordinator, phase } = await setUp()
    expect(phase.flight).toBeUndefined()
    const refresh = coordinator.refresh()
    expect(phase.flight).toBeDefined()
    await refresh
    expect(phase.flight).toBeUndefined()
  })

  test('is followed by another when one is asked for afterwards', async () => {
    const { coordinator, endpoint } = await setUp()
    await coordinator.refresh()
    expect((await coordinator.refresh()).accessToken).toBe('access-3')
    expect(endpoint.calls.map(({ refreshToken }) => refreshToken)).toEqual(['refresh-1', 'refresh-2'])
  })

  test('is reported as landed when the lock is free', async () => {
    const order: string[] = []
    const environment = createFakeEnvironment()
    const { lock } = environment
    const { coordinator, phase } = await setUp({
      ...environment,
      lock: (signal, work) => lock(signal, work).finally(() => order.push('free')),
    })
    phase.on(({ type }) => order.push(type))
    await coordinator.refresh()
    expect(order).toEqual(['refresh-started', 'free', 'refresh-succeeded'])
  })

  test('leaves no timer', async () => {
    const { coordinator, clock } = await setUp()
    await coordinator.refresh()
    expect(clock.armed).toEqual([])
  })

  test('is not started when nobody is signed in', async () => {
    const { coordinator, record, endpoint, events } = await setUp()
    await record.signOut()
    events.length = 0
    expect(await codeOf(coordinator.refresh())).toBe('SESSION_EXPIRED')
    expect(endpoint.calls).toEqual([])
    expect(events).toEqual([])
  })

  test('is not started by a call whose signal has aborted already', async () => {
    const { coordinator, endpoint, clock } = await setUp()
    await expect(coordinator.refresh(AbortSignal.abort('enough'))).rejects.toBe('enough')
    await clock.advance(1000)
    expect(endpoint.calls).toEqual([])
  })
})

describe('a caller who gives up', () => {
  test('by its signal is let go at once, and the flight goes on for the others', async () => {
    const { coordinator, endpoint } = await setUp()
    const answer = deferred<RefreshOutcome>()
    endpoint.answers(answer.promise)
    const controller = new AbortController()
    const impatient = coordinator.refresh(controller.signal)
    const patient = coordinator.refresh()
    controller.abort('enough')
    await expect(impatient).rejects.toBe('enough')
    answer.resolve(refreshed('access-2'))
    expect((await patient).accessToken).toBe('access-2')
  })

  test('by its time limit is given the reason, and a reply that comes later is still stored', async () => {
    const { coordinator, endpoint, clock, store, phase } = await setUp()
    const answer = deferred<RefreshOutcome>()
    endpoint.answers(answer.promise)
    const code = codeOf(coordinator.refresh())
    await clock.advance(limitMs)
    expect(await code).toBe('REFRESH_TIMEOUT')
    expect(phase.flight).toBeDefined()
    answer.resolve(refreshed('access-2'))
    await clock.advance(0)
    expect(await store.read()).toMatchObject({ accessToken: 'access-2' })
    expect(phase.flight).toBeUndefined()
  })

  test('because another tab keeps the lock is given that as the reason', async () => {
    const environment = createFakeEnvironment()
    void environment.lock(new AbortController().signal, () => new Promise(() => {}))
    const { coordinator, endpoint, clock, phase } = await setUp(environment)
    const code = codeOf(coordinator.refresh())
    await clock.advance(limitMs)
    expect(await code).toBe('LOCK_TIMEOUT')
    await clock.advance(limitMs)
    expect(endpoint.calls).toEqual([])
    expect(phase.flight).toBeUndefined()
    expect(clock.armed).toEqual([])
  })

  test('has its own limit: who joins late waits as long as who came first', async () => {
    const { coordinator, endpoint, clock } = await setUp()
    const answer = deferred<RefreshOutcome>()
    endpoint.answers(answer.promise)
    const first = codeOf(coordinator.refresh())
    await clock.advance(limitMs - 1000)
    const second = coordinator.refresh()
    await clock.advance(2000)
    expect(await first).toBe('REFRESH_TIMEOUT')
    answer.resolve(refreshed('access-2'))
    expect((await second).accessToken).toBe('access-2')
  })
})

describe('a flight that gets no answer', () => {
  test('is given up after twice the limit, and the lock is free for the next', async () => {
    const { coordinator, endpoint, clock, events } = await setUp()
    endpoint.answers(never)
    const code = codeOf(coordinator.refresh())
    await clock.advance(2 * limitMs)
    expect(await code).toBe('REFRESH_TIMEOUT')
    expect(typesOf(events)).toEqual(['refresh-started', 'refresh-failed'])
    const next = coordinator.refresh()
    await clock.advance(limitMs)
    expect((await next).accessToken).toBe('access-2')
  })

  test('hands its signal to the endpoint, aborted when it is given up', async () => {
    const { coordinator, endpoint, clock } = await setUp()
    let seen: AbortSignal | undefined
    endpoint.answers((_, signal) => {
      seen = signal
      return never()
    })
    const code = codeOf(coordinator.refresh())
    await clock.advance(2 * limitMs - 1)
    expect(seen?.aborted).toBe(false)
    await clock.advance(1)
    expect(seen?.aborted).toBe(true)
    await code
  })

  test('of a page that was frozen keeps the rotated token that waits in the queue', async () => {
    const { coordinator, endpoint, clock, phase } = await setUp()
    const answer = deferred<RefreshOutcome>()
    endpoint.answers(answer.promise)
    const code = codeOf(coordinator.refresh())
    await clock.advance(100)
    await clock.freeze(3_600_000)
    answer.resolve(refreshed('access-2', 'refresh-2'))
    await clock.advance(0)
    expect(await code).toBe('REFRESH_TIMEOUT')
    expect(phase.record).toMatchObject({ accessToken: 'access-2', refreshToken: 'refresh-2' })
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
    const { coordinator, endpoint, clock, phase, store } = await setUp()
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
    expect(phase.record?.accessToken).toBe('access-1')
    expect(store.read()).toEqual(phase.record)
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
    const { coordinator, endpoint, lifecycle, clock } = await setUp()
    endpoint.answers(async () => {
      lifecycle.signal('leave')
      return lost
    })
    const refresh = coordinator.refresh()
    await clock.advance(999)
    expect(endpoint.calls).toHaveLength(1)
    await clock.advance(1)
    await refresh
    expect(endpoint.calls).toHaveLength(2)
    expect(lifecycle.listeners).toBe(0)
  })

  test('a second lost reply is not: a series of them would look like theft', async () => {
    const { coordinator, endpoint, clock } = await setUp()
    endpoint.always(lost)
    const code = codeOf(coordinator.refresh())
    await clock.advance(2 * limitMs)
    expect(await code).toBe('REFRESH_FAILED')
    expect(endpoint.calls).toHaveLength(2)
  })

  test('a wrong set-up is not tried again', async () => {
    const { coordinator, endpoint, clock, phase } = await setUp()
    endpoint.always(misconfigured)
    const code = codeOf(coordinator.refresh())
    await clock.advance(2 * limitMs)
    expect(await code).toBe('REFRESH_REFUSED')
    expect(endpoint.calls).toHaveLength(1)
    expect(phase.record?.accessToken).toBe('access-1')
  })
})

describe('the backoff after a failed flight', () => {
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
    const { coordinator, clock, endpoint } = await failing(() => 0.9999)
    const waits: number[] = []
    for (let times = 0; times < 12; times++) {
      const waitMs = coordinator.retryAt() - clock.now()
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
      const { clock, coordinator } = await failing(() => client / 100)
      waits.push(coordinator.retryAt() - clock.now())
    }
    expect(Math.min(...waits)).toBeLessThan(20)
    expect(Math.max(...waits)).toBeGreaterThan(980)
    expect(new Set(waits).size).toBe(100)
  })

  test('starts afresh after a success', async () => {
    const { coordinator, clock, endpoint } = await failing(() => 0.9999)
    for (let times = 0; times < 5; times++) {
      await clock.advance(coordinator.retryAt() - clock.now() + 1)
      await codeOf(coordinator.refresh())
    }
    endpoint.answers(refreshed('access-2'))
    await clock.advance(60_000)
    await coordinator.refresh()
    expect(coordinator.retryAt()).toBeLessThanOrEqual(clock.now())
    await codeOf(coordinator.refresh())
    expect(coordinator.retryAt() - clock.now()).toBeLessThanOrEqual(1000)
  })

  test('ends with one probe: nothing is tried again in a flight until the server has recovered', async () => {
    const { coordinator, endpoint, clock } = await setUp()
    endpoint.always(unavailable())
    const first = codeOf(coordinator.refresh())
    await clock.advance(limitMs)
    expect(await first).toBe('REFRESH_FAILED')
    expect(endpoint.calls).toHaveLength(3)
    await clock.advance(coordinator.retryAt() - clock.now())
    expect(await codeOf(coordinator.refresh())).toBe('REFRESH_FAILED')
    expect(endpoint.calls).toHaveLength(4)
    await clock.advance(coordinator.retryAt() - clock.now())
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
    endpoint.answers(refreshed('access-2'))
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
    const { coordinator, endpoint, clock } = await setUp({ random: () => 0 })
    endpoint.answers(unavailable(retryAfterMs))
    await codeOf(coordinator.refresh())
    expect(coordinator.retryAt() - clock.now()).toBe(300_000)
    await clock.advance(300_000)
    expect((await coordinator.refresh()).accessToken).toBe('access-2')
  })

  test.each([301_000, Infinity])(
    'of %d ms is passed on as an instant that the other tabs understand',
    async (ms) => {
      const { coordinator, endpoint, clock, channel } = await setUp()
      endpoint.answers(unavailable(ms))
      await codeOf(coordinator.refresh())
      const until = channel.posted.flatMap((message) => (message.type === 'quiet' ? [message.until] : []))
      expect(until).toHaveLength(1)
      expect(until[0]).toBeGreaterThanOrEqual(clock.now() + 300_000)
      expect(until[0]).toBeLessThan(Infinity)
    },
  )

  test('is passed on to the other tabs, as the instant that this one waits for', async () => {
    const { coordinator, endpoint, clock, channel, lifecycle } = await setUp({ random: () => 0.5 })
    lifecycle.isVisibleNow = false
    endpoint.answers(unavailable(120_000))
    await codeOf(coordinator.refresh())
    expect(channel.posted).toContainEqual({ type: 'quiet', until: clock.now() + 180_000 })
    expect(coordinator.retryAt()).toBe(clock.now() + 180_000)
  })

  test('is passed on by a tab whose user looks on as the instant at which that tab asks again', async () => {
    const { coordinator, endpoint, clock, channel } = await setUp({ random: () => 0.5 })
    endpoint.answers(unavailable(120_000))
    await codeOf(coordinator.refresh())
    expect(channel.posted).toContainEqual({ type: 'quiet', until: clock.now() + 127_500 })
    expect(coordinator.retryAt()).toBe(clock.now() + 180_000)
  })

  test('that is waited for inside the flight is passed on as it is', async () => {
    const { coordinator, endpoint, clock, channel } = await setUp()
    endpoint.answers(unavailable(3000))
    const refresh = coordinator.refresh()
    await clock.advance(0)
    expect(channel.posted).toContainEqual({ type: 'quiet', until: clock.now() + 3000 })
    await clock.advance(limitMs)
    await refresh
  })

  test('from another tab is honoured, for ten minutes at most', async () => {
    const { coordinator, endpoint, clock } = await setUp()
    coordinator.quietUntil(clock.now() + 10 ** 12)
    await clock.advance(300_000)
    expect(await codeOf(coordinator.refresh())).toBe('REFRESH_FAILED')
    expect(endpoint.calls).toEqual([])
    await clock.advance(300_000)
    expect((await coordinator.refresh()).accessToken).toBe('access-2')
  })

  test('an earlier one does not shorten a later one', async () => {
    const { clock, coordinator } = await setUp()
    coordinator.quietUntil(clock.now() + 200_000)
    coordinator.quietUntil(clock.now() + 1000)
    expect(coordinator.retryAt()).toBe(clock.now() + 200_000)
  })
})

describe('no network', () => {
  test('no attempt is made, and the call is rejected at once', async () => {
    const { coordinator, endpoint, lifecycle } = await setUp()
    lifecycle.isOnlineNow = false
    const error = await coordinator.refresh().catch((reason: unknown) => reason)
    expect(error).toMatchObject({ code: 'REFRESH_FAILED', retryable: true })
    expect(error).not.toHaveProperty('status')
    expect(endpoint.calls).toEqual([])
    expect(coordinator.failure).toBeDefined()
  })

  test('costs the server nothing, so that the first attempt with the network is made at once', async () => {
    const { coordinator, endpoint, lifecycle } = await setUp()
    lifecycle.isOnlineNow = false
    await codeOf(coordinator.refresh())
    lifecycle.isOnlineNow = true
    expect((await coordinator.refresh()).accessToken).toBe('access-2')
    expect(endpoint.calls).toHaveLength(1)
  })

  test('that is lost in flight ends the flight without another attempt', async () => {
    const { coordinator, endpoint, lifecycle } = await setUp()
    endpoint.answers(async () => {
      lifecycle.isOnlineNow = false
      return lost
    })
    expect(await codeOf(coordinator.refresh())).toBe('REFRESH_FAILED')
    expect(endpoint.calls).toHaveLength(1)
  })

  test('that is back ends the backoff', async () => {
    const { coordinator, endpoint } = await setUp({ random: () => 0.9 })
    endpoint.answers(misconfigured)
    await codeOf(coordinator.refresh())
    coordinator.recover()
    expect((await coordinator.refresh()).accessToken).toBe('access-2')
  })
})

describe('not due', () => {
  test('costs nothing: the tokens are kept, and their expiry is left to the server', async () => {
    const { coordinator, endpoint, phase, events } = await setUp()
    endpoint.answers({ kind: 'not-due' })
    const tokens = await coordinator.refresh()
    expect(tokens).toMatchObject({ accessToken: 'access-1', expiresAt: null, generation: 1 })
    expect(phase.record).toBe(tokens)
    expect(typesOf(events)).toEqual(['refresh-started', 'warning'])
    expect(events[1]).toMatchObject({
      code: 'REFRESH_NOT_DUE',
      message: expect.stringContaining('timing'),
    })
    expect(coordinator.failure).toBeUndefined()
  })
})

describe('the end', () => {
  test('reaches all who wait', async () => {
    const { coordinator, endpoint, phase, store } = await setUp()
    endpoint.answers(ended)
    const codes = await Promise.all([codeOf(coordinator.refresh()), codeOf(coordinator.refresh())])
    expect(codes).toEqual(['SESSION_EXPIRED', 'SESSION_EXPIRED'])
    expect(phase.record).toBeNull()
    expect(store.read()).toBeNull()
  })

  test('is none when another tab has refreshed meanwhile: its tokens serve', async () => {
    const { coordinator, endpoint, phase, store } = await setUp()
    endpoint.answers(async () => {
      await store.write({ ...(phase.record as StoredTokens), generation: 2, accessToken: 'theirs' })
      return ended
    })
    expect((await coordinator.refresh()).accessToken).toBe('theirs')
    expect(phase.record?.accessToken).toBe('theirs')
  })
})

describe('another tab', () => {
  test('that refreshed while we waited for the lock saves us the call', async () => {
    const environment = createFakeEnvironment()
    const holding = deferred<void>()
    void environment.lock(new AbortController().signal, () => holding.promise)
    const { coordinator, endpoint, store, phase } = await setUp(environment)
    const refresh = coordinator.refresh()
    await store.write({ ...(phase.record as StoredTokens), generation: 2, accessToken: 'theirs' })
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

describe('another phase', () => {
  test('lets all who wait go at once, and the late reply is dropped', async () => {
    const { coordinator, endpoint, phase, record, store, clock } = await setUp()
    const answer = deferred<RefreshOutcome>()
    endpoint.answers(answer.promise)
    const codes = [codeOf(coordinator.refresh()), codeOf(coordinator.refresh())]
    await clock.advance(0)
    await record.signOut()
    expect(await Promise.all(codes)).toEqual(['SESSION_CHANGED', 'SESSION_CHANGED'])
    answer.resolve(refreshed('access-2', 'refresh-2'))
    await clock.advance(0)
    expect(phase.record).toBeNull()
    expect(store.read()).toBeNull()
    expect(clock.armed).toEqual([])
  })

  test('frees the lock, even if the endpoint does not honour its signal', async () => {
    const { coordinator, endpoint, record, clock } = await setUp()
    endpoint.answers(never)
    const code = codeOf(coordinator.refresh())
    await clock.advance(0)
    await record.signIn({ accessToken: 'access-9', refreshToken: 'refresh-9' })
    expect(await code).toBe('SESSION_CHANGED')
    expect((await coordinator.refresh()).accessToken).toBe('access-2')
    expect(endpoint.calls.at(-1)?.refreshToken).toBe('refresh-9')
  })

  test('keeps nobody waiting, even if the lock does not honour its signal', async () => {
    const { coordinator, record, clock } = await setUp({ lock: () => new Promise(() => {}) })
    const code = codeOf(coordinator.refresh())
    await record.signOut()
    expect(await code).toBe('SESSION_CHANGED')
    await clock.advance(0)
    expect(clock.armed).toEqual([])
  })

  test('does not abort the refresh that is started after it', async () => {
    const { coordinator, endpoint, clock, phase, record } = await setUp()
    endpoint.answers(never, never)
    const codes = [codeOf(coordinator.refresh())]
    await clock.advance(0)
    await record.signIn({ accessToken: 'access-9', refreshToken: 'refresh-9' })
    codes.push(codeOf(coordinator.refresh()))
    await clock.advance(0)
    codes.push(codeOf(coordinator.refresh()))
    await clock.advance(0)
    expect(phase.flight).toBeDefined()
    expect(endpoint.calls).toHaveLength(2)
    phase.transition({ status: 'disposed' })
    expect(await Promise.all(codes)).toEqual(['SESSION_CHANGED', 'DISPOSED', 'DISPOSED'])
    await clock.advance(20_000)
  })

  test('by an app that listens to the signal of a refresh which takes too long keeps the first reason', async () => {
    const { coordinator, endpoint, clock, phase, record } = await setUp()
    const signOut = vi.fn(() => void record.signOut())
    endpoint.answers((_, signal) => {
      signal.addEventListener('abort', signOut)
      return never()
    })
    const code = codeOf(coordinator.refresh())
    await clock.advance(2 * limitMs)
    expect(await code).toBe('REFRESH_TIMEOUT')
    expect(signOut.mock.results).toEqual([{ type: 'return', value: undefined }])
    expect(phase.current).toEqual({ status: 'signed-out', reason: 'signed-out' })
  })

  test('when nothing is under way does no harm', async () => {
    const { phase, events } = await setUp()
    phase.transition({ status: 'disposed' })
    expect(events).toEqual([])
  })

  test('where it is the last one lets nobody start again', async () => {
    const { coordinator, endpoint, phase } = await setUp()
    phase.transition({ status: 'disposed' })
    expect(await codeOf(coordinator.refresh())).toBe('DISPOSED')
    await settled()
    expect(endpoint.calls).toEqual([])
  })

  test('is entered before the events of it, and the failure of the refresh is emitted after them', async () => {
    const { coordinator, endpoint, record, events } = await setUp()
    endpoint.answers(never)
    const code = codeOf(coordinator.refresh())
    await settled()
    await record.signIn({ accessToken: 'access-9' })
    await code
    await settled()
    expect(events.slice(1)).toMatchObject([
      { type: 'signed-in' },
      { type: 'refresh-failed', code: 'SESSION_CHANGED', retryable: false },
    ])
  })
})

describe('the events', () => {
  test('of a failure hold none of its words, and the status where there is one', async () => {
    const { coordinator, endpoint, events, clock } = await setUp()
    const withStatus = new AuthError('REFRESH_REFUSED', 'SECRET', { status: 404, cause: 'SECRET' })
    endpoint.answers({ kind: 'misconfigured', error: withStatus })
    await codeOf(coordinator.refresh())
    const common = { at: clock.now(), type: 'refresh-failed', code: 'REFRESH_REFUSED', retryable: false }
    expect(events.at(-1)).toStrictEqual({ ...common, status: 404 })
    coordinator.recover()
    endpoint.answers({ kind: 'misconfigured', error: new AuthError('REFRESH_REFUSED', 'SECRET') })
    await codeOf(coordinator.refresh())
    expect(events.at(-1)).toStrictEqual(common)
  })

  test('of the end are the failure first, and then the end', async () => {
    const { coordinator, endpoint, events } = await setUp()
    endpoint.answers(ended)
    await codeOf(coordinator.refresh())
    expect(events.slice(1)).toMatchObject([
      { type: 'refresh-failed', code: 'SESSION_EXPIRED', retryable: false, status: 401 },
      { type: 'expired' },
    ])
  })

  test('of a refresh that another tab saved us are its tokens alone', async () => {
    const { coordinator, endpoint, store, phase, events } = await setUp()
    store.write({ ...(phase.record as StoredTokens), generation: 2, accessToken: 'theirs' })
    await coordinator.refresh()
    expect(endpoint.calls).toEqual([])
    expect(typesOf(events)).toEqual(['refresh-started', 'adopted'])
  })

  test.each<['before' | 'after', RefreshOutcome]>([
    ['before', ended],
    ['before', refreshed('ours')],
    ['after', refreshed('ours')],
  ])(
    'of a refresh that another tab was faster with (seen %s the reply) are its tokens alone',
    async (when, reply) => {
      const { coordinator, endpoint, store, record, phase, events } = await setUp()
      endpoint.answers(async () => {
        store.write({ ...(phase.record as StoredTokens), generation: 2, accessToken: 'theirs' })
        if (when === 'before') await record.reread()
        return reply
      })
      expect((await coordinator.refresh()).accessToken).toBe('theirs')
      expect(typesOf(events)).toEqual(['refresh-started', 'adopted'])
    },
  )

  test('show the state of before the flight lands until it does', async () => {
    const { coordinator, endpoint, phase } = await setUp()
    const seen: unknown[] = []
    phase.subscribe((state) => seen.push('refreshing' in state && state.refreshing))
    endpoint.answers(refreshed('access-2'))
    await coordinator.refresh()
    expect(seen).toEqual([false, true, false])
  })

  test('hold the hint of the endpoint, whatever came of the call', async () => {
    const { coordinator, endpoint, events } = await setUp()
    const hint = { type: 'warning', code: 'REFRESH_WITHOUT_TOKEN', message: 'look there' } as const
    endpoint.answers({ ...misconfigured, hint })
    await codeOf(coordinator.refresh())
    expect(events[1]).toMatchObject({ ...hint, message: expect.stringMatching(/^look there/) })
  })

  test('of a refresh that brings the tokens of another user are those of a sign-in', async () => {
    const { coordinator, endpoint, phase, record, events } = await setUp()
    await record.signIn({ ...user, accessToken: unsignedJwt({ sub: 'ada' }) })
    events.length = 0
    endpoint.answers(refreshed(unsignedJwt({ sub: 'grace' }), 'refresh-2'))
    expect(await codeOf(coordinator.refresh())).toBe('SESSION_CHANGED')
    expect(phase.state).toMatchObject({ status: 'signed-in', claims: { sub: 'grace' } })
    expect(typesOf(events)).toEqual(['refresh-started', 'signed-in', 'refresh-failed'])
  })
})

describe('a token that the server has refused', () => {
  test('is noted in the flight, by who starts it or joins it', async () => {
    const { coordinator, endpoint, phase } = await setUp()
    endpoint.answers(never, never)
    const codes = [codeOf(coordinator.refresh(undefined, true))]
    expect(phase.current).toMatchObject({ status: 'refreshing', isRefused: true })
    phase.transition({ status: 'signed-in', record: storedRecord() })
    codes.push(codeOf(coordinator.refresh()))
    expect(phase.current).toMatchObject({ status: 'refreshing', isRefused: false })
    codes.push(codeOf(coordinator.refresh(undefined, true)), codeOf(coordinator.refresh()))
    expect(phase.current).toMatchObject({ status: 'refreshing', isRefused: true })
    phase.transition({ status: 'disposed' })
    await Promise.all(codes)
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
    expect(await message).toMatch(/^The refresh endpoint did not answer in time\. See /)
  })

  test('without the lock', async () => {
    const { coordinator, clock } = await setUp({ lock: () => new Promise(() => {}) })
    const message = messageOf(coordinator.refresh())
    await clock.advance(2 * limitMs)
    expect(await message).toMatch(/^Another tab held the refresh lock for too long\. See /)
  })

  test('without a network, without a user, and in a quiet that another tab was asked for', async () => {
    const { coordinator, lifecycle, record, clock, phase } = await setUp()
    coordinator.quietUntil(clock.now() + 60_000)
    expect(await messageOf(coordinator.refresh())).toMatch(
      /^The auth server asked to wait before the next refresh \(Retry-After\)\. See /,
    )
    lifecycle.isOnlineNow = false
    expect(await messageOf(coordinator.refresh())).toMatch(/^The device is offline\. See /)
    await record.signOut()
    expect(await messageOf(coordinator.refresh())).toMatch(/^Nobody is signed in, or the session has expired/)
    expect(goneIn(phase.current).message).toMatch(/^The user signed out, or another user signed in/)
  })
})

test('no network is reported once, not with each request', async () => {
  const { coordinator, lifecycle, events } = await setUp()
  lifecycle.isOnlineNow = false
  await codeOf(coordinator.refresh())
  expect(typesOf(events)).toEqual(['refresh-failed'])
  await codeOf(coordinator.refresh())
  expect(typesOf(events)).toEqual(['refresh-failed'])
})

test('a failure that is seen after the flight was given up is not passed on', async () => {
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
  expect(channel.posted.filter(({ type }) => type === 'quiet')).toEqual([])
})

test('without a Retry-After nothing is posted to the other tabs', async () => {
  const { coordinator, endpoint, channel, clock } = await setUp()
  endpoint.answers(unavailable())
  const refresh = coordinator.refresh()
  await clock.advance(limitMs)
  await refresh
  expect(channel.posted.filter(({ type }) => type === 'quiet')).toEqual([])
  expect(coordinator.retryAt()).toBeLessThanOrEqual(clock.now())
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

test('quiet that is asked for while the store is read is honoured before the call', async () => {
  const environment = createFakeEnvironment()
  const { lock } = environment
  let askForQuiet = (): void => {}
  const all = await setUp({
    ...environment,
    lock: (signal, work) =>
      lock(signal, () => {
        askForQuiet()
        return work()
      }),
  })
  askForQuiet = () => {
    all.coordinator.quietUntil(all.clock.now() + 3000)
    askForQuiet = () => {}
  }
  const refresh = all.coordinator.refresh()
  await all.clock.advance(2999)
  expect(all.endpoint.calls).toEqual([])
  await all.clock.advance(1)
  await refresh
})

test('a page that was stopped while it read the store queues for the lock again', async () => {
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

describe('asking a cookie at the start', () => {
  const warningOf = (outcome: RefreshOutcome): object => ({
    type: 'warning',
    code: 'SILENT_START_FAILED',
    message: withHelp((outcome as { error: AuthError }).error.message, 'SILENT_START_FAILED'),
  })
  const none = { status: 'signed-out', reason: 'none' }

  test('is done with the tokens of nobody, and what comes is a sign-in', async () => {
    const { coordinator, endpoint, phase, store, events, clock } = await setUpUnknown()
    endpoint.answers(refreshed('access-1'))
    await coordinator.startFromCookie()
    expect(endpoint.calls).toMatchObject([{ session: '', accessToken: '', expiresAt: null }])
    expect(endpoint.calls[0]).not.toHaveProperty('refreshToken')
    expect(phase.current.status).toBe('signed-in')
    expect(phase.record).toMatchObject({ accessToken: 'access-1', generation: 1 })
    expect(store.read()).toEqual(phase.record)
    expect(typesOf(events)).toEqual(['signed-in'])
    expect(clock.armed).toEqual([])
  })

  test('is over when what came is stored, and the lock is free no sooner', async () => {
    const kept = memoryStore()
    const written = deferred<void>()
    const store = {
      ...kept,
      write: (tokens: StoredTokens | null) => written.promise.then(() => kept.write(tokens)),
    }
    const { coordinator, endpoint, lock, phase } = await setUpUnknown({ store })
    endpoint.answers(refreshed('access-1'))
    let isOver = false
    let isFree = false
    const asked = coordinator.startFromCookie().then(() => {
      isOver = true
    })
    void lock(new AbortController().signal, async () => {
      isFree = true
    })
    await settled()
    expect(endpoint.calls).toHaveLength(1)
    expect([isOver, isFree, phase.state.status]).toEqual([false, false, 'loading'])
    written.resolve()
    await asked
    await settled()
    expect(isFree).toBe(true)
    expect(kept.read()).toMatchObject({ accessToken: 'access-1' })
    expect(kept.read()).toEqual(phase.record)
  })

  test('is not done where the store holds a session by then', async () => {
    const { coordinator, endpoint, store, phase } = await setUpUnknown()
    store.write(storedRecord())
    await coordinator.startFromCookie()
    expect(endpoint.calls).toEqual([])
    expect(phase.current).toEqual({ status: 'signed-in', record: storedRecord() })
  })

  test('is done once, however many ask at the same time', async () => {
    const { coordinator, endpoint } = await setUpUnknown()
    endpoint.answers(ended)
    const ask = (): Promise<void> => coordinator.startFromCookie()
    await Promise.all([ask(), ask(), ask()])
    expect(endpoint.calls).toHaveLength(1)
  })

  test('waits for the tab that has the lock, and is not done where that one has signed in', async () => {
    const environment = createFakeEnvironment()
    const holding = deferred<void>()
    void environment.lock(new AbortController().signal, () => holding.promise)
    const { coordinator, endpoint, store, phase } = await setUpUnknown(environment)
    const asked = coordinator.startFromCookie()
    await settled()
    expect(endpoint.calls).toEqual([])
    store.write(storedRecord({ accessToken: 'theirs' }))
    holding.resolve()
    await asked
    expect(endpoint.calls).toEqual([])
    expect(phase.record?.accessToken).toBe('theirs')
  })

  test('is no refresh that a request could join: nobody is signed in', async () => {
    const { coordinator, endpoint, phase } = await setUpUnknown()
    endpoint.answers(never)
    void coordinator.startFromCookie()
    expect(await codeOf(coordinator.refresh())).toBe('SESSION_EXPIRED')
    phase.transition({ status: 'disposed' })
  })

  test.each<[string, RefreshOutcome, object[]]>([
    ['a refusal: nobody is signed in', ended, []],
    ['"not due": nobody is signed in', { kind: 'not-due' }, []],
    ['a wrong set-up', misconfigured, [warningOf(misconfigured)]],
  ])('%s: final, and reported only where it is odd', async (_, answer, reported) => {
    const { coordinator, endpoint, phase, events, clock } = await setUpUnknown()
    // A flight that goes on asking comes to its end all the same.
    endpoint.always(async () => {
      if (endpoint.calls.length > 5) phase.transition({ status: 'disposed' })
      return answer
    })
    await coordinator.startFromCookie()
    expect(endpoint.calls).toHaveLength(1)
    expect(phase.current).toEqual(none)
    expect(events).toMatchObject(reported)
    expect(coordinator.failure?.retryable).not.toBe(true)
    expect(clock.armed).toEqual([])
  })

  test.each<[string, RefreshOutcome, calls: number]>([
    ['a server in trouble', unavailable(), 3],
    ['a lost reply', lost, 2],
  ])(
    '%s: asked again at once, reported where it stays so, and asked again later',
    async (_, answer, calls) => {
      const { coordinator, endpoint, phase, events, clock } = await setUpUnknown()
      endpoint.always(answer)
      const asked = coordinator.startFromCookie()
      await clock.advance(limitMs)
      await asked
      expect(endpoint.calls).toHaveLength(calls)
      expect(phase.current).toEqual(none)
      expect(events).toMatchObject([warningOf(answer)])
      expect(coordinator.failure?.retryable).toBe(true)
      coordinator.recover()
      endpoint.always(refreshed('access-1'))
      await coordinator.startFromCookie()
      expect(phase.record?.accessToken).toBe('access-1')
    },
  )

  test.each<[string, RefreshOutcome]>([
    ['a server in trouble', unavailable()],
    ['a lost reply', lost],
  ])('%s that is past at the next try is no news', async (_, answer) => {
    const { coordinator, endpoint, phase, events, clock } = await setUpUnknown()
    endpoint.answers(answer, refreshed('access-1'))
    const asked = coordinator.startFromCookie()
    await clock.advance(limitMs)
    await asked
    expect(phase.record?.accessToken).toBe('access-1')
    expect(typesOf(events)).toEqual(['signed-in'])
  })

  test('without a network nobody is asked, until it is back', async () => {
    const { coordinator, endpoint, lifecycle, phase, events } = await setUpUnknown()
    endpoint.answers(refreshed('access-1'))
    lifecycle.isOnlineNow = false
    await coordinator.startFromCookie()
    expect(endpoint.calls).toEqual([])
    expect(events).toEqual([])
    expect(phase.flight).toBeUndefined()
    expect(coordinator.failure?.retryable).toBe(true)
    lifecycle.isOnlineNow = true
    await coordinator.startFromCookie()
    expect(phase.record?.accessToken).toBe('access-1')
  })

  describe('without an answer in time', () => {
    test('waits no longer, aborts the request, and frees the lock', async () => {
      const { coordinator, endpoint, clock, lock, phase, events } = await setUpUnknown()
      let seen: AbortSignal | undefined
      endpoint.answers((_, signal) => {
        seen = signal
        return never()
      })
      const asked = coordinator.startFromCookie()
      await clock.advance(limitMs - 1)
      expect(seen?.aborted).toBe(false)
      expect(phase.state.status).toBe('loading')
      await clock.advance(1)
      await asked
      expect(seen?.aborted).toBe(true)
      expect(phase.current).toEqual(none)
      expect(events).toMatchObject([{ code: 'SILENT_START_FAILED' }])
      expect(await lock(new AbortController().signal, async () => 'free')).toBe('free')
      expect(clock.armed).toEqual([])
    })

    test('nor of the lock: a lock that does not honour its signal keeps nobody waiting', async () => {
      const { coordinator, clock, phase } = await setUpUnknown({ lock: () => new Promise(() => {}) })
      const asked = coordinator.startFromCookie()
      await clock.advance(limitMs)
      await asked
      expect(phase.current).toEqual(none)
    })

    test('does without one that comes too late, though it is asked again', async () => {
      const { coordinator, endpoint, clock, phase, store } = await setUpUnknown()
      const late = deferred<RefreshOutcome>()
      endpoint.answers(late.promise, never)
      const first = coordinator.startFromCookie()
      await clock.advance(limitMs)
      await first
      coordinator.recover()
      const second = coordinator.startFromCookie()
      await settled()
      expect(endpoint.calls).toHaveLength(2)
      late.resolve(refreshed('late'))
      await settled()
      expect(phase.record).toBeNull()
      expect(store.read()).toBeNull()
      await clock.advance(limitMs)
      await second
    })

    test('of a slow store asks nothing when the store answers at last', async () => {
      const reading = deferred<null>()
      const kept = memoryStore()
      const reads = [kept.read, () => reading.promise]
      const { coordinator, endpoint, clock } = await setUpUnknown({
        refreshTimeoutMs: 1000,
        store: { ...kept, read: () => (reads.shift() ?? kept.read)() },
      })
      endpoint.always(ended)
      const first = coordinator.startFromCookie()
      await clock.advance(1000)
      await first
      coordinator.recover()
      const second = coordinator.startFromCookie()
      reading.resolve(null)
      await second
      await settled()
      expect(endpoint.calls).toHaveLength(1)
    })
  })

  describe('that a sign-out comes before', () => {
    test('keeps nobody waiting, and the answer that is under way is dropped', async () => {
      const { coordinator, endpoint, phase, record, store, events } = await setUpUnknown()
      const answer = deferred<RefreshOutcome>()
      endpoint.answers(answer.promise)
      const asked = coordinator.startFromCookie()
      await settled()
      await record.signOut()
      await asked
      answer.resolve(refreshed('access-1'))
      await settled()
      expect(phase.record).toBeNull()
      expect(store.read()).toBeNull()
      expect(typesOf(events)).toEqual(['signed-out'])
    })

    test('drops the answer that is being stored, too', async () => {
      const kept = memoryStore()
      const written = deferred<void>()
      const writes = [(tokens: StoredTokens | null) => written.promise.then(() => kept.write(tokens))]
      const store = {
        ...kept,
        write: (tokens: StoredTokens | null) => (writes.shift() ?? kept.write)(tokens),
      }
      const { coordinator, endpoint, phase, record, events } = await setUpUnknown({ store })
      endpoint.answers(refreshed('access-1'))
      const asked = coordinator.startFromCookie()
      await settled()
      const signedOut = record.signOut()
      written.resolve()
      await Promise.all([signedOut, asked])
      await settled()
      expect(phase.current).toEqual({ status: 'signed-out', reason: 'signed-out' })
      expect(kept.read()).toBeNull()
      expect(typesOf(events)).toEqual(['signed-out'])
    })
  })
})

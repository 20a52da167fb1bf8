// @vitest-environment node
import { describe, expect, test } from 'vitest'
import type { AuthError } from '../../src/core/errors.js'
import type { SessionNews } from '../../src/core/events.js'
import type { Renewal } from '../../src/core/refresh-coordinator.js'
import { createSilentStart } from '../../src/core/silent-start.js'
import { guardStore, memoryStore, type TokenStore } from '../../src/core/token-store.js'
import { createTokenVault } from '../../src/core/token-vault.js'
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
import { createFakeLock } from '../support/fake-lock.js'
import { settled } from '../support/settled.js'
import { storedRecord } from '../support/stored-record.js'

const limitMs = 10_000

interface Given extends Partial<FakeEnvironment> {
  store?: TokenStore
  isWanted?: boolean | undefined
  refreshTimeoutMs?: number
}

/** Put together as a session does it: a user who is known makes the question one of yesterday. */
function setUp(given: Given = {}) {
  const { store, isWanted, refreshTimeoutMs, ...shared } = {
    store: memoryStore(),
    isWanted: true,
    refreshTimeoutMs: limitMs,
    ...given,
  }
  const environment = createFakeEnvironment(shared)
  const endpoint = createFakeEndpoint()
  const news: SessionNews[] = []
  const guarded = guardStore(store, environment.clock, () => {})
  const vault = createTokenVault(guarded, environment, () => {
    if (vault.tokens) silentStart.forget()
  })
  const silentStart = createSilentStart({
    silentStart: isWanted,
    vault,
    renew: endpoint.renew,
    refreshTimeoutMs,
    environment,
    tell: (what) => news.push(what),
  })
  return { ...environment, store, endpoint, news, vault, silentStart }
}

describe('asking at the start', () => {
  test.each([false, undefined])('is not done where it is wanted: %s', async (isWanted) => {
    let turns = 0
    const lock = createFakeLock()
    const { silentStart, endpoint } = setUp({
      isWanted,
      lock(signal, work) {
        turns++
        return lock(signal, work)
      },
    })
    expect(silentStart.isDue).toBe(false)
    await silentStart.ask()
    silentStart.retry()
    await silentStart.ask()
    expect(endpoint.calls).toEqual([])
    expect(turns, 'no other tab is waited for').toBe(0)
  })

  test('is done with the tokens of nobody, and what comes is a sign-in', async () => {
    const { silentStart, endpoint, vault, store, news, clock } = setUp()
    endpoint.answers(renewed('access-1'))
    expect(silentStart.isDue).toBe(true)
    await silentStart.ask()
    expect(endpoint.calls).toMatchObject([{ session: '', accessToken: '', expiresAt: null }])
    expect(endpoint.calls[0]).not.toHaveProperty('refreshToken')
    expect(vault.tokens).toMatchObject({ accessToken: 'access-1', generation: 1 })
    expect(store.read()).toEqual(vault.tokens)
    expect(silentStart.isDue).toBe(false)
    expect(news).toEqual([])
    expect(clock.armed).toEqual([])
  })

  test('is over when what came is stored, and the lock is free no sooner', async () => {
    const kept = memoryStore()
    const written = deferred<void>()
    const all = setUp({
      store: { ...kept, write: (tokens) => written.promise.then(() => kept.write(tokens)) },
    })
    all.endpoint.answers(renewed('access-1'))
    let isOver = false
    let isFree = false
    const asked = all.silentStart.ask().then(() => {
      isOver = true
    })
    void all.lock(new AbortController().signal, async () => {
      isFree = true
    })
    await settled()
    expect(all.vault.tokens?.accessToken).toBe('access-1')
    expect([isOver, isFree]).toEqual([false, false])
    written.resolve()
    await asked
    await settled()
    expect(isFree).toBe(true)
    expect(kept.read()).toEqual(all.vault.tokens)
  })

  test('is not done where the store holds a session, by then', async () => {
    const { silentStart, endpoint, store, vault } = setUp()
    store.write(storedRecord())
    await silentStart.ask()
    expect(endpoint.calls).toEqual([])
    expect(vault.tokens).toEqual(storedRecord())
    expect(silentStart.isDue).toBe(false)
  })

  test('is done once, however many look at the same time', async () => {
    const { silentStart, endpoint } = setUp()
    endpoint.answers(ended)
    await Promise.all([silentStart.ask(), silentStart.ask(), silentStart.ask()])
    expect(endpoint.calls).toHaveLength(1)
  })

  test('waits for the tab that has the lock, and is not done where that one has signed in', async () => {
    const environment = createFakeEnvironment()
    const holding = deferred<void>()
    void environment.lock(new AbortController().signal, () => holding.promise)
    const { silentStart, endpoint, store, vault } = setUp(environment)
    const asked = silentStart.ask()
    await settled()
    expect(endpoint.calls).toEqual([])
    store.write(storedRecord({ accessToken: 'theirs' }))
    holding.resolve()
    await asked
    expect(endpoint.calls).toEqual([])
    expect(vault.tokens?.accessToken).toBe('theirs')
  })
})

describe('an answer other than tokens', () => {
  const failed = (error: AuthError): SessionNews[] => [
    { type: 'warning', code: 'SILENT_START_FAILED', message: error.message },
  ]
  const notDue: Renewal = { kind: 'not-due' }

  test.each([
    ['a refusal: nobody is signed in', ended, []],
    ['"not due": nobody is signed in', notDue, []],
    ['a wrong set-up', misconfigured, failed((misconfigured as { error: AuthError }).error)],
  ])('%s: final, and told only where it is odd', async (_, answer, told) => {
    const { silentStart, endpoint, vault, news } = setUp()
    endpoint.always(answer)
    await silentStart.ask()
    expect(vault.tokens).toBeNull()
    expect(news).toEqual(told)
    silentStart.retry()
    expect(silentStart.isDue).toBe(false)
    await silentStart.ask()
    expect(endpoint.calls).toHaveLength(1)
  })

  test.each([
    ['a server in trouble', unavailable()],
    ['a lost reply', lost],
  ])('%s: told, and asked again when there is reason to hope', async (_, answer) => {
    const { silentStart, endpoint, vault, news } = setUp()
    endpoint.answers(answer, renewed('access-1'))
    await silentStart.ask()
    expect(silentStart.isDue).toBe(false)
    expect(news).toEqual(failed((answer as { error: AuthError }).error))
    await silentStart.ask()
    expect(endpoint.calls, 'without a reason').toHaveLength(1)
    silentStart.retry()
    expect(silentStart.isDue).toBe(true)
    await silentStart.ask()
    expect(vault.tokens?.accessToken).toBe('access-1')
  })
})

test('without a network nobody is asked, until it is back', async () => {
  const { silentStart, endpoint, page, vault, news } = setUp()
  endpoint.answers(renewed('access-1'))
  page.isOnlineNow = false
  await silentStart.ask()
  expect(silentStart.isDue).toBe(false)
  expect(endpoint.calls).toEqual([])
  expect(news).toEqual([])
  page.isOnlineNow = true
  silentStart.retry()
  await silentStart.ask()
  expect(vault.tokens?.accessToken).toBe('access-1')
})

describe('no answer in time', () => {
  test('is waited for no longer, the request is aborted, and the lock is free', async () => {
    const { silentStart, endpoint, clock, lock } = setUp()
    let heard: AbortSignal | undefined
    endpoint.answers((_, signal) => {
      heard = signal
      return never()
    })
    const asked = silentStart.ask()
    await clock.advance(limitMs - 1)
    expect(heard?.aborted).toBe(false)
    expect(silentStart.isDue).toBe(true)
    await clock.advance(1)
    await asked
    expect(heard?.aborted).toBe(true)
    expect(silentStart.isDue).toBe(false)
    expect(await lock(new AbortController().signal, async () => 'free')).toBe('free')
    expect(clock.armed).toEqual([])
  })

  test('nor the lock: a lock that does not heed its signal keeps nobody waiting', async () => {
    const { silentStart, clock } = setUp({ lock: () => new Promise(() => {}) })
    const asked = silentStart.ask()
    await clock.advance(limitMs)
    await asked
    expect(silentStart.isDue).toBe(false)
  })

  test('and one that comes too late counts for nothing, though there is asked again', async () => {
    const { silentStart, endpoint, clock, vault } = setUp()
    const late = deferred<Renewal>()
    endpoint.answers(late.promise, never)
    const first = silentStart.ask()
    await clock.advance(limitMs)
    await first
    silentStart.retry()
    const second = silentStart.ask()
    await settled()
    expect(endpoint.calls).toHaveLength(2)
    late.resolve(renewed('late'))
    await settled()
    expect(vault.tokens).toBeNull()
    await clock.advance(limitMs)
    await second
  })

  test('because of a slow store: the one who gave up asks nothing, when the store answers at last', async () => {
    const reading = deferred<null>()
    const kept = memoryStore()
    const reads = [() => reading.promise]
    const { silentStart, endpoint, clock } = setUp({
      refreshTimeoutMs: 1000,
      store: { ...kept, read: () => (reads.shift() ?? kept.read)() },
    })
    endpoint.always(ended)
    const first = silentStart.ask()
    await clock.advance(1000)
    await first
    silentStart.retry()
    const second = silentStart.ask()
    reading.resolve(null)
    await second
    await settled()
    expect(endpoint.calls).toHaveLength(1)
  })
})

describe('forgetting', () => {
  test('drops the answer that is under way, and keeps nobody waiting', async () => {
    const { silentStart, endpoint, vault } = setUp()
    const answer = deferred<Renewal>()
    endpoint.answers(answer.promise)
    const asked = silentStart.ask()
    await settled()
    silentStart.forget()
    await asked
    answer.resolve(renewed('access-1'))
    await settled()
    expect(vault.tokens).toBeNull()
  })

  test('is for good', async () => {
    const { silentStart, endpoint } = setUp()
    silentStart.forget()
    silentStart.retry()
    expect(silentStart.isDue).toBe(false)
    await silentStart.ask()
    expect(endpoint.calls).toEqual([])
  })
})

import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { authErrorOf } from '../../src/axios.js'
import type { AuthError } from '../../src/core/errors.js'
import { createSession, webStorageStore } from '../../src/index.js'
import { headerPair } from '../../src/servers.js'
import { elapse } from '../support/elapse.js'
import { createFakeChannels } from '../support/fake-channels.js'
import { createFakeEndpoint, ended, lost, refreshed } from '../support/fake-endpoint.js'
import { createFakeLock } from '../support/fake-lock.js'
import { openSignedInTab, openTab } from '../support/fake-tab.js'
import { createManualClock } from '../support/manual-clock.js'
import { settled } from '../support/settled.js'
import { unsignedJwt } from '../support/unsigned-jwt.js'
import { rejection, setLocks } from './support/scenarios.js'
import { json, openStore, refreshUrl, signedInStage } from './support/stage.js'
import { tokenKinds } from './support/token-kinds.js'

const all = <T>(count: number, call: (index: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, (_, index) => call(index)))

/** Two tabs of one browser: one store, one lock, one channel, one clock. */
async function twoTabs() {
  const channels = createFakeChannels()
  const shared = {
    store: openStore(),
    lock: createFakeLock(),
    clock: createManualClock(),
    endpoint: createFakeEndpoint(),
  }
  const one = await openSignedInTab({ ...shared, channel: channels() })
  const two = openTab({ ...shared, channel: channels() })
  await settled()
  return { ...shared, one, two }
}

function refuse(): never {
  throw new DOMException('no', 'SecurityError')
}

const codeOf = (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    () => 'resolved',
    (error: AuthError) => authErrorOf(error)?.code ?? error?.code,
  )

describe.each(tokenKinds.map((kind) => [kind.name, kind] as const))('with %s', (_, kind) => {
  test('X1: a thousand requests with an expired token cause one refresh and one replay each', async () => {
    const stage = await signedInStage({ kind })
    stage.current = 2
    stage.renew = () => json({ accessToken: kind.access(2), refreshToken: kind.refresh(2) })
    const replies = await elapse(all(1000, (index) => stage.api.get(`/items/${index}`)))
    expect(replies.every(({ status }) => status === 200)).toBe(true)
    expect(stage.refreshes).toHaveLength(1)
    expect(stage.sent).toHaveLength(2000)
  })

  test('X2: a 401 that comes when the refresh is over causes no second one', async () => {
    const stage = await signedInStage({ kind })
    stage.current = 2
    stage.renew = () => json({ accessToken: kind.access(2), refreshToken: kind.refresh(2) })
    const { answer } = stage
    stage.answer = async (sent) => {
      if (sent.url.endsWith('/slow') && stage.sent.length < 3) await new Promise((r) => setTimeout(r, 5000))
      return answer(sent)
    }
    const replies = await elapse(Promise.all([stage.api.get('/slow'), stage.api.get('/fast')]))
    expect(replies.map(({ status }) => status)).toEqual([200, 200])
    expect(stage.refreshes).toHaveLength(1)
  })

  test('X3: when all callers have gone, the refresh is finished all the same', async () => {
    const stage = await signedInStage({ kind })
    const controller = new AbortController()
    stage.answer = () => ({ status: 401 })
    stage.renew = () =>
      new Promise((resolve) => setTimeout(() => resolve(json({ accessToken: kind.access(2) })), 3000))
    const calls = all(5, () => codeOf(stage.api.get('/me', { signal: controller.signal })))
    await vi.advanceTimersByTimeAsync(100)
    controller.abort()
    expect(await elapse(calls, 100)).toEqual(Array(5).fill('ERR_CANCELED'))
    await vi.advanceTimersByTimeAsync(5000)
    expect(await stage.session.getAccessToken()).toBe(kind.access(2))
    expect(stage.refreshes).toHaveLength(1)
  })

  test('X4: a sign-out during a refresh drops what it brings', async () => {
    const store = openStore()
    const stage = await signedInStage({ kind, options: { store } })
    stage.answer = () => ({ status: 401 })
    stage.renew = () =>
      new Promise((resolve) => setTimeout(() => resolve(json({ accessToken: kind.access(2) })), 3000))
    const call = codeOf(stage.api.get('/me').catch((error) => Promise.reject(error.cause)))
    await vi.advanceTimersByTimeAsync(100)
    await stage.session.signOut()
    expect(await elapse(call)).toBe('SESSION_CHANGED')
    await vi.advanceTimersByTimeAsync(10_000)
    expect(stage.session.state).toEqual({ status: 'signed-out', reason: 'signed-out' })
    expect(store.kept).toBeNull()
  })

  test("X5: another user's sign-in during a refresh drops what it brings, and the requests of the first", async () => {
    const stage = await signedInStage({ kind })
    stage.answer = () => ({ status: 401 })
    stage.renew = () =>
      new Promise((resolve) => setTimeout(() => resolve(json({ accessToken: kind.access(2) })), 3000))
    const call = codeOf(stage.api.get('/me').catch((error) => Promise.reject(error.cause)))
    await vi.advanceTimersByTimeAsync(100)
    const accessToken = kind.name === 'JWTs' ? unsignedJwt({ sub: 'bob' }) : kind.access(4)
    await stage.session.setTokens({ accessToken, refreshToken: kind.refresh(4) })
    expect(await elapse(call)).toBe('SESSION_CHANGED')
    await vi.advanceTimersByTimeAsync(10_000)
    expect(await stage.session.getAccessToken()).toBe(accessToken)
    expect(stage.sent.map(({ authorization }) => authorization)).toEqual([`Bearer ${kind.access(1)}`])
  })

  test.each([401, 500, 403, 0])('X15: a replay that is answered with %d is not repeated', async (status) => {
    const stage = await signedInStage({ kind })
    stage.answer = ({ authorization }) => ({
      status: authorization === `Bearer ${kind.access(1)}` ? 401 : status,
    })
    const reply = await elapse(stage.api.get('/me', { validateStatus: null }))
    expect(reply.status).toBe(status)
    expect(stage.sent).toHaveLength(2)
    expect(stage.refreshes).toHaveLength(1)
  })

  test('X16: a body that can be read once only is not sent again, and the 401 comes to the caller', async () => {
    const stage = await signedInStage({ kind })
    stage.answer = () => ({ status: 401 })
    const body = new ReadableStream()
    const options = { transformRequest: [], validateStatus: null }
    const reply = await elapse(stage.api.post('/upload', body, options))
    expect(reply.status).toBe(401)
    expect(stage.sent).toHaveLength(1)
    expect(await stage.session.getAccessToken()).toBe(kind.access(2))
  })
})

test('X6: a tab whose refresh token another tab has spent adopts the new one, and nobody is signed out', async () => {
  const { one, two, store, endpoint, clock } = await twoTabs()
  endpoint.answers(async () => {
    // Another tab, which cannot share the lock, was faster.
    store.kept = {
      ...(store.kept as object),
      accessToken: 'theirs',
      refreshToken: 'refresh-2',
      generation: 2,
    }
    return ended
  })
  const token = one.session.refresh()
  await clock.advance(1000)
  expect(await token).toBe('theirs')
  expect([one, two].flatMap(({ events }) => events.filter(({ type }) => type === 'expired'))).toEqual([])
})

test('X7: a lock that is never given keeps nobody longer than the limit', async () => {
  const clock = createManualClock()
  const lock = <T>(signal: AbortSignal): Promise<T> => rejection(signal as never)
  const { session } = await openSignedInTab({ clock, lock })
  const calls = all(3, () => codeOf(session.refresh()))
  await clock.advance(10_000)
  expect(await calls).toEqual(Array(3).fill('LOCK_TIMEOUT'))
})

describe('X8: Web Locks', () => {
  const locks: [string, Parameters<typeof setLocks>[0] | undefined][] = [
    ['that are not there', undefined],
    ['that are refused', { request: () => Promise.reject(new DOMException('no', 'SecurityError')) }],
    [
      'of a page that is not active',
      { request: () => Promise.reject(new DOMException('no', 'InvalidStateError')) },
    ],
    ['that throw', { request: refuse }],
  ]
  test.each(locks)('%s are done without', async (_, value) => {
    if (value) setLocks(value)
    const stage = await signedInStage({ options: { store: webStorageStore('local') } })
    expect(await elapse(stage.session.refresh())).toBe(stage.kind.access(2))
  })
})

describe('X9: a BroadcastChannel', () => {
  test.each<[string, unknown]>([
    ['that is not there', undefined],
    [
      'that cannot be made',
      class {
        constructor() {
          throw new DOMException('no', 'SecurityError')
        }
      },
    ],
    [
      'that cannot be written to',
      class {
        postMessage(): void {
          throw new DOMException('no', 'InvalidStateError')
        }
        close(): void {}
      },
    ],
  ])('%s is done without', async (_, channel) => {
    vi.stubGlobal('BroadcastChannel', channel)
    if (channel === undefined) Reflect.deleteProperty(globalThis, 'BroadcastChannel')
    const stage = await signedInStage()
    expect(await elapse(stage.session.refresh())).toBe(stage.kind.access(2))
    await elapse(stage.session.signOut())
    expect(stage.session.state).toEqual({ status: 'signed-out', reason: 'signed-out' })
  })

  const forged: unknown[] = [
    undefined,
    null,
    '',
    'ended',
    0,
    [],
    {},
    { type: 'ended' },
    { v: 2, type: 'ended' },
    { v: '1', type: 'ended' },
    { v: 1 },
    { v: 1, type: null },
    { v: 1, type: 'signed-in', accessToken: 'evil' },
    { v: 1, type: 'changed', accessToken: 'evil', tokens: { accessToken: 'evil' } },
    { v: 1, type: 'ended', reason: 'evil' },
    { v: 1, type: 'quiet' },
    { v: 1, type: 'quiet', until: Infinity },
    { v: 1, type: 'quiet', until: '9999999999999' },
    { v: 1, type: 'ping' },
    { v: 1, type: 'alive' },
  ]
  test('that says twenty forged things changes nothing', async () => {
    const channels: { onmessage?: (event: unknown) => void }[] = []
    class FakeChannel {
      onmessage?: (event: unknown) => void
      constructor() {
        channels.push(this)
      }
      postMessage(): void {}
      close(): void {}
    }
    vi.stubGlobal('BroadcastChannel', FakeChannel)
    const stage = await signedInStage({ options: { store: webStorageStore('local') } })
    for (const data of forged) {
      for (const { onmessage } of channels) onmessage?.({ data })
      await vi.advanceTimersByTimeAsync(10)
      expect(stage.session.state.status).toBe('signed-in')
      expect(await stage.session.getAccessToken()).toBe(stage.kind.access(1))
    }
    expect(await elapse(stage.session.refresh())).toBe(stage.kind.access(2))
    expect(stage.events.filter(({ type }) => type === 'expired')).toEqual([])
  })

  test('whose "quiet" is forged is believed for ten minutes at most', async () => {
    const channels = createFakeChannels()
    const tab = await openSignedInTab({ channel: channels() })
    channels().post({ type: 'quiet', until: Number.MAX_SAFE_INTEGER })
    await settled()
    expect(await codeOf(tab.session.refresh())).toBe('REFRESH_FAILED')
    await tab.clock.advance(600_000)
    expect(await tab.session.refresh()).toBe('access-2')
  })
})

test('X10: fifty requests that wait for the network cause one refresh when it is back', async () => {
  const tab = await openSignedInTab({}, 60)
  await tab.clock.advance(61_000)
  tab.lifecycle.isOnlineNow = false
  expect(await all(50, () => codeOf(tab.session.getAccessToken()))).toEqual(Array(50).fill('REFRESH_FAILED'))
  tab.lifecycle.isOnlineNow = true
  tab.lifecycle.signal('online')
  const tokens = all(50, () => tab.session.getAccessToken())
  await tab.clock.advance(1000)
  expect(new Set(await tokens)).toEqual(new Set(['access-2']))
  expect(tab.endpoint.calls).toHaveLength(1)
})

test('X11: after eight hours of sleep there is one refresh before the first request', async () => {
  const tab = await openSignedInTab({}, 900)
  await tab.clock.freeze(8 * 3_600_000)
  tab.lifecycle.signal('wake')
  const tokens = all(5, () => tab.session.getAccessToken())
  await tab.clock.advance(1000)
  expect(new Set(await tokens)).toEqual(new Set(['access-2']))
  expect(tab.endpoint.calls).toHaveLength(1)
})

test('X12: a page that comes back after a sign-out elsewhere forgets its tokens before it acts', async () => {
  const store = openStore()
  const tab = await openSignedInTab({ store })
  store.kept = null
  tab.lifecycle.signal('wake')
  expect(await tab.session.getAccessToken()).toBeNull()
  expect(tab.session.state.status).toBe('signed-out')
})

test('X13: a reply that is lost is asked for once more, and then no more', async () => {
  const tab = await openSignedInTab()
  tab.endpoint.always(lost)
  const refreshed = codeOf(tab.session.refresh())
  await tab.clock.advance(1000)
  expect(await refreshed).toBe('REFRESH_FAILED')
  expect(tab.endpoint.calls).toHaveLength(2)
  await tab.clock.advance(3_600_000)
  expect(tab.endpoint.calls).toHaveLength(2)
  tab.endpoint.always(ended)
  const last = codeOf(tab.session.refresh())
  await tab.clock.advance(1000)
  expect(await last).toBe('SESSION_EXPIRED')
})

test('X14: a reply without a refresh token does not undo the newer one of another tab', async () => {
  const { one, store, endpoint, clock } = await twoTabs()
  endpoint.answers(async () => {
    store.kept = {
      ...(store.kept as object),
      accessToken: 'theirs',
      refreshToken: 'refresh-2',
      generation: 2,
    }
    return refreshed('grace')
  })
  const token = one.session.refresh()
  await clock.advance(1000)
  expect(await token).toBe('theirs')
  expect(store.kept).toMatchObject({ refreshToken: 'refresh-2', generation: 2 })
})

// X17, no unhandled rejection, is looked for after each test of all suites.

test('X18: a frame without storage, locks and channel works in memory', async () => {
  const denied = { configurable: true, get: refuse }
  for (const name of ['localStorage', 'sessionStorage', 'indexedDB']) {
    const descriptor = Object.getOwnPropertyDescriptor(globalThis, name)
    Object.defineProperty(globalThis, name, denied)
    onTestFinished(() => {
      if (descriptor) Object.defineProperty(globalThis, name, descriptor)
      else Reflect.deleteProperty(globalThis, name)
    })
  }
  setLocks({ request: () => Promise.reject(new DOMException('no', 'SecurityError')) })
  vi.stubGlobal('fetch', () => Promise.resolve(json({ accessToken: 'next' })))
  onTestFinished(() => void vi.unstubAllGlobals())
  const session = createSession({ refresh: headerPair({ url: refreshUrl }) })
  onTestFinished(session.dispose)
  await session.setTokens({ accessToken: 'access', refreshToken: 'refresh' })
  expect(await session.refresh()).toBe('next')
})

// X19, two users on one server, is in server.test.ts; X20, strict policies, wants a browser; X21, frozen prototypes, is in
// pollution.test.ts.

import { IDBFactory } from 'fake-indexeddb'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { createRandom } from '../../scripts/seeded-random.mjs'
import { createLeaseLock } from '../../src/browser/lease-lock.js'
import { createLockHeartbeat, sliceMs } from '../../src/browser/lock-heartbeat.js'
import { deferred } from '../support/deferred.js'
import { createFakeChannels } from '../support/fake-channels.js'
import { createFakeLifecycle } from '../support/fake-lifecycle.js'
import { createManualClock } from '../support/manual-clock.js'
import { settled } from '../support/settled.js'

beforeEach(() => vi.stubGlobal('indexedDB', new IDBFactory()))
afterEach(() => vi.unstubAllGlobals())

/** The turns of the event loop that the fake IndexedDB takes to open a database and run a transaction. */
const turns = 30

function openTabs(count: number) {
  const channels = createFakeChannels()
  const random = createRandom(1)
  const tabs = Array.from({ length: count }, () => {
    const [lifecycle, clock, channel] = [createFakeLifecycle(), createManualClock(0, turns), channels()]
    const heartbeat = createLockHeartbeat({ channel, clock })
    const lock = createLeaseLock('shop', { clock, lifecycle, random }, heartbeat)
    return { lock, lifecycle, clock, channel }
  })
  type Tab = (typeof tabs)[number]
  async function advance(ms: number, awake: readonly Tab[] = tabs): Promise<void> {
    for (let passedMs = 0; passedMs < ms; passedMs += 100)
      for (const { clock } of awake) await clock.advance(100)
  }
  return { tabs: tabs as [Tab, Tab, Tab], advance }
}

const never = new AbortController().signal

test('the work runs, its result comes back, and nothing is left', async () => {
  const { tabs } = openTabs(1)
  const [{ lock, lifecycle, clock, channel }] = tabs
  expect(await lock(never, async () => 7)).toBe(7)
  await settled(turns)
  expect(clock.armed).toEqual([])
  expect(lifecycle.listeners + channel.listeners).toBe(0)
})

test('a wait that is given up leaves no timer and no listener', async () => {
  const { tabs, advance } = openTabs(2)
  const [first, second] = tabs
  const holding = deferred<void>()
  const held = first.lock(never, () => holding.promise)
  await settled(turns)
  const controller = new AbortController()
  const waiting = second.lock(controller.signal, async () => {})
  const outcome = expect(waiting).rejects.toBe('enough')
  await advance(200)
  controller.abort('enough')
  await outcome
  expect(second.clock.armed).toEqual([])
  expect(second.lifecycle.listeners + second.channel.listeners).toBe(0)
  holding.resolve()
  await held
})

test('the failure of the work comes back, and the lock is free', async () => {
  const { tabs } = openTabs(2)
  await expect(tabs[0].lock(never, () => Promise.reject(new Error('mine')))).rejects.toThrow('mine')
  await settled(turns)
  expect(await tabs[1].lock(never, async () => 'next')).toBe('next')
})

test('tabs work one after the other', async () => {
  const { tabs, advance } = openTabs(3)
  let working = 0
  let most = 0
  const works = tabs.map(({ lock, clock }) =>
    lock(never, async () => {
      most = Math.max(most, ++working)
      await new Promise<void>((resolve) => clock.after(300, resolve))
      working--
    }),
  )
  await advance(3000)
  await Promise.all(works)
  expect(most).toBe(1)
})

test('a wait ends with the signal, and the work is not done', async () => {
  const { tabs, advance } = openTabs(2)
  void tabs[0].lock(never, () => new Promise(() => {}))
  await settled(turns)
  const controller = new AbortController()
  const work = vi.fn(async () => {})
  const failure = expect(tabs[1].lock(controller.signal, work)).rejects.toBe('enough')
  await advance(500)
  controller.abort('enough')
  await advance(200)
  await failure
  expect(work).not.toHaveBeenCalled()
  expect(tabs[1].channel.listeners).toBe(0)
  expect(tabs[1].clock.armed).toEqual([])
})

describe('a holder', () => {
  test('that lives keeps the lock', async () => {
    const { tabs, advance } = openTabs(2)
    const finish = deferred<void>()
    const holding = tabs[0].lock(never, () => finish.promise)
    await settled(turns)
    const other = vi.fn(async () => {})
    const waiting = tabs[1].lock(never, other)
    await advance(25 * sliceMs)
    expect(other).not.toHaveBeenCalled()
    finish.resolve()
    await holding
    await advance(sliceMs)
    await waiting
    expect(other).toHaveBeenCalledTimes(1)
  })

  test('that is silent for ten slices loses the lock', async () => {
    const { tabs, advance } = openTabs(2)
    const [frozen, waiter] = tabs
    void frozen.lock(never, () => new Promise(() => {}))
    await settled(turns)
    const work = vi.fn(async () => 'mine')
    const waiting = waiter.lock(never, work)
    await advance(10 * sliceMs - 200, [waiter])
    expect(work).not.toHaveBeenCalled()
    await advance(2000, [waiter])
    expect(await waiting).toBe('mine')
  })

  test("that lost the lock and wakes does not free what is another's now", async () => {
    const { tabs, advance } = openTabs(3)
    const [frozen, thief, third] = tabs
    const finish = deferred<string>()
    const holding = frozen.lock(never, () => finish.promise)
    await settled(turns)
    const stealing = deferred<void>()
    const stolen = thief.lock(never, () => stealing.promise)
    await advance(12_000, [thief])
    finish.resolve('late')
    expect(await holding).toBe('late')
    const work = vi.fn(async () => {})
    const waiting = third.lock(never, work)
    await advance(3000)
    expect(work).not.toHaveBeenCalled()
    stealing.resolve()
    await stolen
    await advance(500)
    await waiting
    expect(work).toHaveBeenCalledTimes(1)
  })

  test('whose page is left releases the lock at once', async () => {
    const { tabs, advance } = openTabs(2)
    const [leaving, waiter] = tabs
    void leaving.lock(never, () => new Promise(() => {}))
    await settled(turns)
    const waiting = waiter.lock(never, async () => 'next')
    await advance(300, [waiter])
    leaving.lifecycle.signal('leave')
    await advance(300, [waiter])
    expect(await waiting).toBe('next')
  })
})

test('locks of another name are not waited for', async () => {
  const { tabs } = openTabs(1)
  void tabs[0].lock(never, () => new Promise(() => {}))
  await settled(turns)
  const [clock, lifecycle, channel] = [createManualClock(), createFakeLifecycle(), createFakeChannels()()]
  const heartbeat = createLockHeartbeat({ channel, clock })
  const other = createLeaseLock('forum', { clock, lifecycle, random: createRandom(9) }, heartbeat)
  expect(await other(never, async () => 7)).toBe(7)
})

test('without IndexedDB the work is done as it is', async () => {
  vi.stubGlobal('indexedDB', undefined)
  const { tabs } = openTabs(1)
  expect(await tabs[0].lock(never, async () => 7)).toBe(7)
  await expect(tabs[0].lock(never, () => Promise.reject(new Error('mine')))).rejects.toThrow('mine')
  expect(tabs[0].channel.listeners).toBe(0)
})

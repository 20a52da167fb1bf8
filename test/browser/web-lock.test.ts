import { describe, expect, test, vi } from 'vitest'
import { createLockHeartbeat, sliceMs } from '../../src/browser/lock-heartbeat.js'
import { createWebLock } from '../../src/browser/web-lock.js'
import type { Lock } from '../../src/core/environment.js'
import { deferred } from '../support/deferred.js'
import { createFakeChannels, type FakeChannel } from '../support/fake-channels.js'
import { createFakeLifecycle, type FakeLifecycle } from '../support/fake-lifecycle.js'
import { createFakeLockManager, type FakeLockManager } from '../support/fake-lock-manager.js'
import { createManualClock, type ManualClock } from '../support/manual-clock.js'
import { settled } from '../support/settled.js'

interface Tab {
  /** It listens for the page's sleep until it is closed. */
  lock: ReturnType<typeof createWebLock>
  lifecycle: FakeLifecycle
  /** Its timers stand still when the page is frozen, so it is not the clock of the others. */
  clock: ManualClock
  channel: FakeChannel
}

function openTabs(count: number, manager: FakeLockManager = createFakeLockManager()) {
  const channels = createFakeChannels()
  const otherwise = vi.fn(async (_: AbortSignal, work: () => Promise<unknown>) => work())
  const tabs = Array.from({ length: count }, (): Tab => {
    const [lifecycle, clock, channel] = [createFakeLifecycle(), createManualClock(0, 3), channels()]
    const heartbeat = createLockHeartbeat({ channel, clock })
    const lock = createWebLock('shop', manager, { clock, lifecycle }, heartbeat, otherwise as Lock)
    return { lock, lifecycle, clock, channel }
  })
  /** Lets time pass in those tabs that are awake. */
  async function advance(ms: number, awake: readonly Tab[] = tabs): Promise<void> {
    for (let passedMs = 0; passedMs < ms; passedMs += 250) {
      for (const { clock } of awake) await clock.advance(Math.min(250, ms - passedMs))
    }
  }
  return { tabs: tabs as [Tab, Tab, Tab], manager, otherwise, advance }
}

const never = new AbortController().signal

test('the work runs under the lock, and its result comes back', async () => {
  const { tabs, manager } = openTabs(1)
  const work = vi.fn(async () => {
    expect(manager.isHeld('shop')).toBe(true)
    return 7
  })
  expect(await tabs[0].lock(never, work)).toBe(7)
  await settled()
  expect(manager.isHeld('shop')).toBe(false)
  expect(work).toHaveBeenCalledTimes(1)
})

test('the failure of the work comes back as its own, and the lock is free', async () => {
  const { tabs, manager, otherwise } = openTabs(1)
  await expect(tabs[0].lock(never, () => Promise.reject(new Error('mine')))).rejects.toThrow('mine')
  await settled()
  expect(manager.isHeld('shop')).toBe(false)
  expect(otherwise).not.toHaveBeenCalled()
})

test('nothing is left when it is over', async () => {
  const { tabs } = openTabs(1)
  const [{ lock, lifecycle, clock, channel }] = tabs
  await lock(never, async () => {})
  await settled()
  expect(clock.armed).toEqual([])
  expect(lifecycle.listeners + channel.listeners).toBe(1)
  lock.close()
  expect(lifecycle.listeners).toBe(0)
})

test('two tabs work one after the other', async () => {
  const { tabs, advance } = openTabs(2)
  const order: string[] = []
  const first = deferred<void>()
  const one = tabs[0].lock(never, async () => {
    order.push('first begins')
    await first.promise
    order.push('first ends')
  })
  await settled()
  const other = tabs[1].lock(never, async () => {
    order.push('second')
  })
  await advance(3 * sliceMs)
  expect(order).toEqual(['first begins'])
  first.resolve()
  await Promise.all([one, other])
  expect(order).toEqual(['first begins', 'first ends', 'second'])
})

describe('the signal', () => {
  test('leaves no timer of a page that was put to sleep while it waited', async () => {
    const { tabs } = openTabs(2)
    const holding = deferred<void>()
    const held = tabs[0].lock(never, () => holding.promise)
    await settled()
    const controller = new AbortController()
    const waiting = tabs[1].lock(controller.signal, async () => {})
    const outcome = expect(waiting).rejects.toBe('enough')
    await settled()
    tabs[1].lifecycle.signal('freeze')
    await settled()
    // By the first of them it notices that it wakes.
    expect(tabs[1].clock.armed).toEqual([0, sliceMs])
    controller.abort('enough')
    await outcome
    await tabs[1].clock.advance(0)
    expect(tabs[1].clock.armed).toEqual([])
    holding.resolve()
    await held
  })

  test('of a tab that steals and has not begun releases the lock, and nothing is done in its name', async () => {
    const { tabs, manager, advance } = openTabs(2)
    void tabs[0].lock(never, () => new Promise(() => {}))
    await settled()
    const controller = new AbortController()
    const work = vi.fn(async () => {})
    const waiting = tabs[1].lock(controller.signal, work)
    const outcome = expect(waiting).rejects.toBe('enough')
    const announced = (): boolean => tabs[1].channel.posted.some(({ type }) => type === 'alive')
    while (!announced()) await advance(50, [tabs[1]])
    controller.abort('enough')
    await outcome
    await settled()
    expect(work).not.toHaveBeenCalled()
    expect(manager.isHeld('shop')).toBe(false)
    expect(tabs[1].clock.armed).toEqual([])
  })

  test('ends a wait at once, with its reason, and leaves nobody in the queue', async () => {
    const { tabs, manager, advance } = openTabs(2)
    void tabs[0].lock(never, () => new Promise(() => {}))
    await settled()
    const controller = new AbortController()
    const work = vi.fn(async () => {})
    const waiting = tabs[1].lock(controller.signal, work)
    const failure = expect(waiting).rejects.toBe('enough')
    await advance(1500)
    controller.abort('enough')
    await failure
    expect(manager.waiting('shop')).toBe(0)
    expect(work).not.toHaveBeenCalled()
    expect(tabs[1].clock.armed).toEqual([])
    expect(tabs[1].lifecycle.listeners + tabs[1].channel.listeners).toBe(1)
  })

  test('that has aborted before asks for no lock', async () => {
    const { tabs, manager } = openTabs(1)
    const request = vi.spyOn(manager, 'request')
    await expect(tabs[0].lock(AbortSignal.abort('enough'), async () => {})).rejects.toBe('enough')
    expect(request).not.toHaveBeenCalled()
  })

  test('does not end the work', async () => {
    const { tabs } = openTabs(1)
    const controller = new AbortController()
    const finish = deferred<string>()
    const working = tabs[0].lock(controller.signal, () => finish.promise)
    await settled()
    controller.abort('enough')
    finish.resolve('done')
    expect(await working).toBe('done')
  })
})

describe('a holder', () => {
  test('that lives keeps the lock, however long it takes', async () => {
    const { tabs, manager, advance } = openTabs(3)
    const finish = deferred<void>()
    const holding = tabs[0].lock(never, () => finish.promise)
    await settled()
    const steals: boolean[] = []
    const { request } = manager
    manager.request = ((name: string, options: LockOptions, work: never) => {
      steals.push(options.steal === true)
      return request(name, options, work)
    }) as LockManager['request']
    const other = vi.fn(async () => {})
    const waiting = [tabs[1].lock(never, other), tabs[2].lock(never, other)]
    await advance(60_000)
    expect(other).not.toHaveBeenCalled()
    expect(steals.length).toBeGreaterThan(60)
    expect(steals).not.toContain(true)
    finish.resolve()
    await holding
    await advance(2 * sliceMs)
    await Promise.all(waiting)
    expect(other).toHaveBeenCalledTimes(2)
  })

  test('that is silent for ten slices loses the lock: after 12 s at most the others go on', async () => {
    const { tabs, advance } = openTabs(2)
    const [frozen, waiter] = tabs
    void frozen.lock(never, () => new Promise(() => {}))
    await settled()
    const work = vi.fn(async () => 'mine')
    const waiting = waiter.lock(never, work)
    await advance(10 * sliceMs - 250, [waiter])
    expect(work).not.toHaveBeenCalled()
    await advance(2000, [waiter])
    expect(work).toHaveBeenCalledTimes(1)
    expect(await waiting).toBe('mine')
  })

  test('that lost the lock and wakes finishes its work, and no second one runs in its name', async () => {
    const { tabs, otherwise, advance } = openTabs(2)
    const [frozen, waiter] = tabs
    const finish = deferred<string>()
    const work = vi.fn(() => finish.promise)
    const holding = frozen.lock(never, work)
    await settled()
    const waiting = waiter.lock(never, async () => 'stolen')
    await advance(12_000, [waiter])
    expect(await waiting).toBe('stolen')
    finish.resolve('late')
    expect(await holding).toBe('late')
    expect(work).toHaveBeenCalledTimes(1)
    expect(otherwise).not.toHaveBeenCalled()
    await settled()
    expect(frozen.lifecycle.listeners + frozen.channel.listeners).toBe(1)
  })

  test('whose page is left releases the lock at once', async () => {
    const { tabs, advance } = openTabs(2)
    const [leaving, waiter] = tabs
    void leaving.lock(never, () => new Promise(() => {}))
    await settled()
    const work = vi.fn(async () => {})
    const waiting = waiter.lock(never, work)
    await advance(500, [waiter])
    leaving.lifecycle.signal('leave')
    await waiting
    expect(work).toHaveBeenCalledTimes(1)
  })

  test('that closes its tab is followed at once', async () => {
    const { tabs, manager } = openTabs(1)
    let close = (): void => {}
    void manager.request('shop', {}, () => new Promise<void>((resolve) => (close = resolve)))
    const work = vi.fn(async () => {})
    const waiting = tabs[0].lock(never, work)
    await settled()
    close()
    await waiting
    expect(work).toHaveBeenCalledTimes(1)
  })
})

// Also what comes up in its sleep, since messages still arrive.
test.each([
  ['freeze', 'while it waits'],
  ['freeze', 'before it asks'],
  ['leave', 'while it waits'],
  ['leave', 'before it asks'],
] as const)(
  'a page whose lifecycle says "%s" %s is not in the queue until its timers run again',
  async (signal, moment) => {
    const { tabs, manager, advance } = openTabs(3)
    const [holder, sleeper, other] = tabs
    const finish = deferred<void>()
    const holding = holder.lock(never, () => finish.promise)
    await settled()
    if (moment === 'before it asks') sleeper.lifecycle.signal(signal)
    const slept = vi.fn(async () => {})
    const sleeping = sleeper.lock(never, slept)
    await settled()
    expect(manager.waiting('shop')).toBe(moment === 'while it waits' ? 1 : 0)
    if (moment === 'while it waits') sleeper.lifecycle.signal(signal)
    await advance(5000, [holder, other])
    expect(manager.waiting('shop')).toBe(0)
    finish.resolve()
    await holding
    await other.lock(never, async () => {})
    expect(slept).not.toHaveBeenCalled()
    await advance(2 * sliceMs, [sleeper])
    await sleeping
    expect(slept).toHaveBeenCalledTimes(1)
  },
)

test('a page that woke before its work came up queues at once', async () => {
  const { tabs, advance } = openTabs(1)
  const [tab] = tabs
  tab.lifecycle.signal('freeze')
  await advance(sliceMs)
  const work = vi.fn(async () => {})
  await tab.lock(never, work)
  expect(work).toHaveBeenCalledTimes(1)
})

describe('the first lock of a page', () => {
  test('is asked for once the browser has said that it has locks: until then it loses an abort', async () => {
    const answered = deferred<LockManagerSnapshot>()
    const manager = createFakeLockManager()
    manager.query = vi.fn(() => answered.promise)
    const request = vi.spyOn(manager, 'request')
    const { tabs } = openTabs(1, manager)
    const work = vi.fn(async () => {})
    const aborting = new AbortController()
    const aborted = expect(tabs[0].lock(aborting.signal, work)).rejects.toBe('enough')
    const working = tabs[0].lock(never, work)
    aborting.abort('enough')
    await settled()
    expect(request).not.toHaveBeenCalled()
    answered.resolve({})
    await Promise.all([aborted, working])
    expect(request).toHaveBeenCalledTimes(1)
    await tabs[0].lock(never, work)
    expect(manager.query).toHaveBeenCalledTimes(1)
  })

  test('is asked for all the same where nobody can ask the browser that', async () => {
    const manager = createFakeLockManager()
    Object.assign(manager, { query: undefined })
    const { tabs, otherwise } = openTabs(1, manager)
    expect(await tabs[0].lock(never, async () => 7)).toBe(7)
    expect(otherwise).not.toHaveBeenCalled()
  })
})

describe('where the browser refuses locks', () => {
  test.each(['SecurityError', 'InvalidStateError', 'NotSupportedError'])(
    'with a %s, another lock serves',
    async (name) => {
      const manager = createFakeLockManager()
      manager.request = (() => Promise.reject(new DOMException('no', name))) as LockManager['request']
      const { tabs, otherwise } = openTabs(1, manager)
      expect(await tabs[0].lock(never, async () => 7)).toBe(7)
      expect(otherwise).toHaveBeenCalledTimes(1)
      expect(tabs[0].clock.armed).toEqual([])
      expect(tabs[0].lifecycle.listeners + tabs[0].channel.listeners).toBe(1)
    },
  )
})

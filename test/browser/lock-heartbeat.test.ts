// @vitest-environment node
import { describe, expect, test } from 'vitest'
import { createLockHeartbeat, type LockHeartbeat, sliceMs } from '../../src/browser/lock-heartbeat.js'
import { deferred } from '../support/deferred.js'
import { createFakeChannels } from '../support/fake-channels.js'
import { createManualClock, type ManualClock } from '../support/manual-clock.js'
import { settled } from '../support/settled.js'

function openTabs() {
  const channels = createFakeChannels()
  const open = () => {
    const [clock, channel] = [createManualClock(), channels()]
    return { clock, channel, heartbeat: createLockHeartbeat({ channel, clock }) }
  }
  return { holder: open(), waiter: open() }
}

/** How many slices in a row the holder counts as alive, up to `most`. */
async function patienceOf(
  heartbeat: LockHeartbeat,
  clocks: readonly ManualClock[],
  most = 50,
): Promise<number> {
  const wait = heartbeat.wait()
  let slices = 0
  while (slices < most && !wait.isHolderGone()) {
    slices++
    for (const clock of clocks) await clock.advance(sliceMs)
  }
  wait.end()
  return slices
}

describe('a holder that answers', () => {
  test('never counts as gone', async () => {
    const { holder, waiter } = openTabs()
    const work = deferred<void>()
    const done = holder.heartbeat.answerDuring(work.promise)
    expect(await patienceOf(waiter.heartbeat, [holder.clock, waiter.clock])).toBe(50)
    work.resolve()
    await done
  })

  test('answers each ping once, and only while its work runs', async () => {
    const { holder, waiter } = openTabs()
    const work = deferred<number>()
    const done = holder.heartbeat.answerDuring(work.promise)
    await patienceOf(waiter.heartbeat, [holder.clock, waiter.clock], 3)
    expect(holder.channel.posted).toEqual(Array(3).fill({ type: 'alive' }))
    work.resolve(7)
    expect(await done).toBe(7)
    expect(holder.channel.listeners).toBe(0)
    waiter.channel.post({ type: 'ping' })
    await holder.clock.advance(sliceMs)
    expect(holder.channel.posted).toHaveLength(3)
  })

  test('stops when its work fails, and passes the failure on', async () => {
    const { holder } = openTabs()
    await expect(holder.heartbeat.answerDuring(Promise.reject(new Error('mine')))).rejects.toThrow('mine')
    expect(holder.channel.listeners).toBe(0)
    expect(holder.clock.armed).toEqual([])
  })

  test('and falls silent counts as gone ten slices after its last answer', async () => {
    const { holder, waiter } = openTabs()
    void holder.heartbeat.answerDuring(new Promise(() => {}))
    const wait = waiter.heartbeat.wait()
    for (let slice = 0; slice < 5; slice++) {
      expect(wait.isHolderGone()).toBe(false)
      await holder.clock.advance(sliceMs)
    }
    for (let slice = 0; slice < 10; slice++) expect(wait.isHolderGone()).toBe(false)
    expect(wait.isHolderGone()).toBe(true)
    wait.end()
  })
})

describe('a holder that does not answer', () => {
  test('counts as gone after ten slices', async () => {
    const { waiter } = openTabs()
    expect(await patienceOf(waiter.heartbeat, [waiter.clock])).toBe(10)
  })

  test('may be frozen: a frozen page still handles messages, and its timers stand still', async () => {
    const { holder, waiter } = openTabs()
    void holder.heartbeat.answerDuring(new Promise(() => {}))
    expect(await patienceOf(waiter.heartbeat, [waiter.clock])).toBe(10)
    expect(holder.channel.posted).toEqual([])
  })

  test('counts as gone for those, too, who cannot wait for ten slices at once', async () => {
    const { waiter } = openTabs()
    let slices = 0
    for (let waits = 0; waits < 6; waits++) slices += await patienceOf(waiter.heartbeat, [waiter.clock], 4)
    expect(slices).toBeLessThan(24)
    expect(slices).toBeGreaterThanOrEqual(10)
  })

  test('loses the lock once: the next holder gets ten slices of its own', async () => {
    const { waiter } = openTabs()
    await patienceOf(waiter.heartbeat, [waiter.clock])
    expect(await patienceOf(waiter.heartbeat, [waiter.clock])).toBe(10)
  })
})

describe('what cuts the wait for a silent holder short or long', () => {
  /** Lets the slices of a wait take so long, one after the other; returns in which of them the holder counts as gone. */
  async function goneAfter(sliceLengths: readonly number[]): Promise<number | undefined> {
    const { waiter } = openTabs()
    const wait = waiter.heartbeat.wait()
    let goneIn: number | undefined
    for (const [slice, ms] of [0, ...sliceLengths].entries()) {
      await waiter.clock.advance(ms)
      if (goneIn === undefined && wait.isHolderGone()) goneIn = slice
    }
    wait.end()
    return goneIn
  }

  test('a slice of two seconds counts twice, since the timers of hidden pages come late', async () => {
    expect(await goneAfter(Array(12).fill(sliceMs))).toBe(10)
    expect(await goneAfter(Array(12).fill(1.5 * sliceMs))).toBe(5)
    expect(await goneAfter(Array(12).fill(2 * sliceMs))).toBe(5)
  })

  test('a slice of two seconds that the holder answers in counts as nothing', async () => {
    const { holder, waiter } = openTabs()
    const wait = waiter.heartbeat.wait()
    expect(wait.isHolderGone()).toBe(false)
    holder.heartbeat.announce()
    await waiter.clock.advance(2 * sliceMs)
    let slices = 0
    while (!wait.isHolderGone()) {
      slices++
      await waiter.clock.advance(sliceMs)
    }
    wait.end()
    expect(slices).toBe(10)
  })

  test('after a sleep of this page the holder has two slices to answer', async () => {
    const slices = Array(9).fill(sliceMs)
    expect(await goneAfter([...slices, 3 * sliceMs, sliceMs, sliceMs])).toBe(12)
    expect(await goneAfter([...slices, 3_600_000, sliceMs, sliceMs])).toBe(12)
  })

  test('a page that has just begun to wait gains nothing by its sleep', async () => {
    expect(await goneAfter([3_600_000, ...Array(12).fill(sliceMs)])).toBe(10)
  })
})

test('a new holder starts with ten slices of its own, and so does the one that says it holds the lock now', async () => {
  const { holder, waiter } = openTabs()
  const wait = waiter.heartbeat.wait()
  const silentSlices = (count: number): boolean[] => Array.from({ length: count }, () => wait.isHolderGone())
  expect(silentSlices(9)).not.toContain(true)
  wait.restart()
  expect(silentSlices(9)).not.toContain(true)
  holder.heartbeat.announce()
  await settled(1)
  expect(holder.channel.posted).toEqual([{ type: 'alive' }])
  expect(silentSlices(11)).toEqual([...Array(10).fill(false), true])
  wait.end()
})

test('waits in which nobody held the lock do not count against the next holder', async () => {
  const { holder, waiter } = openTabs()
  for (let times = 0; times < 20; times++) {
    const wait = waiter.heartbeat.wait()
    expect(wait.isHolderGone()).toBe(false)
    await waiter.heartbeat.answerDuring(Promise.resolve())
    wait.end()
  }
  void holder.heartbeat.answerDuring(new Promise(() => {}))
  expect(await patienceOf(waiter.heartbeat, [waiter.clock])).toBe(10)
})

test('a wait that is over listens no more', () => {
  const { waiter } = openTabs()
  const wait = waiter.heartbeat.wait()
  expect(waiter.channel.listeners).toBe(1)
  wait.end()
  expect(waiter.channel.listeners).toBe(0)
})

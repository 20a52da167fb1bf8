// @vitest-environment node
import { describe, expect, test } from 'vitest'
import { createHolderWatch, type HolderWatch, sliceMs } from '../../src/browser/holder-watch.js'
import { deferred } from '../support/deferred.js'
import { createFakeChannels } from '../support/fake-channels.js'
import { createManualClock, type ManualClock } from '../support/manual-clock.js'

function openTabs() {
  const channels = createFakeChannels()
  const open = () => {
    const [clock, channel] = [createManualClock(), channels()]
    return { clock, channel, watch: createHolderWatch({ channel, clock }) }
  }
  return { holder: open(), waiter: open() }
}

/** How many slices in a row a waiter takes the holder for alive, up to `most`. */
async function patienceOf(watch: HolderWatch, clocks: readonly ManualClock[], most = 50): Promise<number> {
  const wait = watch.wait()
  let slices = 0
  while (slices < most && !wait.isHolderGone()) {
    slices++
    for (const clock of clocks) await clock.advance(sliceMs)
  }
  wait.end()
  return slices
}

describe('a holder that answers', () => {
  test('is never taken for gone', async () => {
    const { holder, waiter } = openTabs()
    const work = deferred<void>()
    const done = holder.watch.during(work.promise)
    expect(await patienceOf(waiter.watch, [holder.clock, waiter.clock])).toBe(50)
    work.resolve()
    await done
  })

  test('answers each question once, and only while its work runs', async () => {
    const { holder, waiter } = openTabs()
    const work = deferred<number>()
    const done = holder.watch.during(work.promise)
    await patienceOf(waiter.watch, [holder.clock, waiter.clock], 3)
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
    await expect(holder.watch.during(Promise.reject(new Error('mine')))).rejects.toThrow('mine')
    expect(holder.channel.listeners).toBe(0)
    expect(holder.clock.armed).toEqual([])
  })

  test('and falls silent is taken for gone ten slices after its last word', async () => {
    const { holder, waiter } = openTabs()
    void holder.watch.during(new Promise(() => {}))
    const wait = waiter.watch.wait()
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
  test('is taken for gone after ten slices', async () => {
    const { waiter } = openTabs()
    expect(await patienceOf(waiter.watch, [waiter.clock])).toBe(10)
  })

  test('is frozen, for a frozen page hears messages while its timers stand still', async () => {
    const { holder, waiter } = openTabs()
    void holder.watch.during(new Promise(() => {}))
    expect(await patienceOf(waiter.watch, [waiter.clock])).toBe(10)
    expect(holder.channel.posted).toEqual([])
  })

  test('is taken for gone by those who cannot wait for ten slices at once, too', async () => {
    const { waiter } = openTabs()
    let slices = 0
    for (let waits = 0; waits < 6; waits++) slices += await patienceOf(waiter.watch, [waiter.clock], 4)
    expect(slices).toBeLessThan(24)
    expect(slices).toBeGreaterThanOrEqual(10)
  })

  test('is robbed once: the next holder gets ten slices of its own', async () => {
    const { waiter } = openTabs()
    await patienceOf(waiter.watch, [waiter.clock])
    expect(await patienceOf(waiter.watch, [waiter.clock])).toBe(10)
  })
})

test('waits in which nobody held the lock do not count against the next holder', async () => {
  const { holder, waiter } = openTabs()
  for (let times = 0; times < 20; times++) {
    const wait = waiter.watch.wait()
    expect(wait.isHolderGone()).toBe(false)
    await waiter.watch.during(Promise.resolve())
    wait.end()
  }
  void holder.watch.during(new Promise(() => {}))
  expect(await patienceOf(waiter.watch, [waiter.clock])).toBe(10)
})

test('a wait that is over listens no more', () => {
  const { waiter } = openTabs()
  const wait = waiter.watch.wait()
  expect(waiter.channel.listeners).toBe(1)
  wait.end()
  expect(waiter.channel.listeners).toBe(0)
})

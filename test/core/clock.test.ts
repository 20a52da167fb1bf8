// @vitest-environment node
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { afterAwake, longestTimerMs, systemClock } from '../../src/core/clock.js'
import { createManualClock } from '../support/manual-clock.js'

describe('the clock of the system', () => {
  beforeEach(() => vi.useFakeTimers({ now: 1_900_000_000_000 }))
  afterEach(() => vi.useRealTimers())

  test('tells milliseconds since the epoch', () => {
    expect(systemClock.now()).toBe(1_900_000_000_000)
  })

  test('calls back once, when the time has passed', () => {
    const callback = vi.fn()
    systemClock.after(1000, callback)
    vi.advanceTimersByTime(999)
    expect(callback).not.toHaveBeenCalled()
    vi.advanceTimersByTime(10_000)
    expect(callback).toHaveBeenCalledTimes(1)
  })

  test('does not call back after the cancellation', () => {
    const callback = vi.fn()
    systemClock.after(1000, callback)()
    vi.advanceTimersByTime(10_000)
    expect(callback).not.toHaveBeenCalled()
    expect(vi.getTimerCount()).toBe(0)
  })

  test.each([longestTimerMs + 1, 2 ** 40, Infinity])('a timer of %d ms does not fire at once', (ms) => {
    const callback = vi.fn()
    const setTimer = vi.spyOn(globalThis, 'setTimeout')
    const cancel = systemClock.after(ms, callback)
    expect(setTimer).toHaveBeenCalledWith(callback, 2 ** 31 - 1)
    vi.advanceTimersByTime(1000)
    expect(callback).not.toHaveBeenCalled()
    cancel()
  })
})

describe('a deadline in time that the page was awake', () => {
  test('falls when it is due', async () => {
    const clock = createManualClock()
    const callback = vi.fn()
    afterAwake(clock, 20_000, callback)
    await clock.advance(19_999)
    expect(callback).not.toHaveBeenCalled()
    await clock.advance(1)
    expect(callback).toHaveBeenCalledTimes(1)
    expect(clock.armed).toEqual([])
  })

  test('gives a page that was frozen one more second for the replies that wait behind the timer', async () => {
    const clock = createManualClock()
    const callback = vi.fn()
    afterAwake(clock, 20_000, callback)
    await clock.freeze(3_600_000)
    expect(callback).not.toHaveBeenCalled()
    await clock.advance(999)
    expect(callback).not.toHaveBeenCalled()
    await clock.advance(1)
    expect(callback).toHaveBeenCalledTimes(1)
  })

  test('a page that freezes again and again gets a second each time', async () => {
    const clock = createManualClock()
    const callback = vi.fn()
    afterAwake(clock, 20_000, callback)
    for (let times = 0; times < 5; times++) await clock.freeze(3_600_000)
    expect(callback).not.toHaveBeenCalled()
    await clock.advance(1000)
    expect(callback).toHaveBeenCalledTimes(1)
  })

  test('a timer that is a little late counts as on time', async () => {
    const clock = createManualClock()
    const callback = vi.fn()
    afterAwake(clock, 20_000, callback)
    await clock.freeze(21_000)
    expect(callback).toHaveBeenCalledTimes(1)
  })

  test('can be called off, before the page was frozen and after', async () => {
    const clock = createManualClock()
    const callback = vi.fn()
    const cancelFirst = afterAwake(clock, 20_000, callback)
    const cancelSecond = afterAwake(clock, 20_000, callback)
    cancelFirst()
    await clock.freeze(60_000)
    cancelSecond()
    await clock.advance(60_000)
    expect(callback).not.toHaveBeenCalled()
    expect(clock.armed).toEqual([])
  })
})

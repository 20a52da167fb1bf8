// @vitest-environment node
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { afterAwake, longestTimerMs, pause, systemClock, waitFor } from '../../src/core/clock.js'
import { deferred } from '../support/deferred.js'
import { createManualClock } from '../support/manual-clock.js'

describe('the clock of the system', () => {
  beforeEach(() => vi.useFakeTimers({ now: 1_900_000_000_000 }))
  afterEach(() => vi.useRealTimers())

  test('shows milliseconds since the epoch', () => {
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
    expect(setTimer).toHaveBeenCalledWith(expect.any(Function), 2 ** 31 - 1)
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

  test('can be cancelled, before the page was frozen and after', async () => {
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

describe('waiting for shared work', () => {
  const clock = createManualClock()
  const late = (): Error => new Error('late')

  test('settles as the work does, and leaves neither timer nor listener', async () => {
    const controller = new AbortController()
    const remove = vi.spyOn(controller.signal, 'removeEventListener')
    const limits = { clock, ms: 1000, onTimeout: late, signal: controller.signal }
    await expect(waitFor(Promise.resolve(7), limits)).resolves.toBe(7)
    await expect(waitFor(Promise.reject(new Error('no')), limits)).rejects.toThrow('no')
    expect(clock.armed).toEqual([])
    expect(remove).toHaveBeenCalledTimes(2)
  })

  test('rejects when the time is up, and the work goes on for the others', async () => {
    const work = deferred<string>()
    const patient = waitFor(work.promise, { clock })
    const waiting = expect(waitFor(work.promise, { clock, ms: 1000, onTimeout: late })).rejects.toThrow(
      'late',
    )
    await clock.advance(1000)
    await waiting
    work.resolve('done')
    await expect(patient).resolves.toBe('done')
  })

  test('rejects at once with the reason of the signal', async () => {
    const controller = new AbortController()
    const waiting = waitFor(new Promise(() => {}), {
      clock,
      ms: 1000,
      onTimeout: late,
      signal: controller.signal,
    })
    controller.abort('enough')
    await expect(waiting).rejects.toBe('enough')
    expect(clock.armed).toEqual([])
  })

  test('a signal that was aborted before rejects, and the failure of the work is not left unhandled', async () => {
    const work = deferred<never>()
    const waiting = waitFor(work.promise, { clock, ms: 1000, signal: AbortSignal.abort('enough') })
    await expect(waiting).rejects.toBe('enough')
    work.reject(new Error('later'))
    expect(clock.armed).toEqual([])
  })

  test('what comes after the end changes nothing', async () => {
    const controller = new AbortController()
    const work = deferred<string>()
    const waiting = waitFor(work.promise, { clock, ms: 1000, onTimeout: late, signal: controller.signal })
    work.resolve('done')
    await expect(waiting).resolves.toBe('done')
    controller.abort()
    await clock.advance(1000)
    await expect(waiting).resolves.toBe('done')
  })

  test('settling removes the very listener that was added', async () => {
    const { signal } = new AbortController()
    const [add, remove] = [vi.spyOn(signal, 'addEventListener'), vi.spyOn(signal, 'removeEventListener')]
    await waitFor(Promise.resolve(), { clock, signal })
    expect(remove.mock.calls).toEqual(add.mock.calls)
  })

  test('without a limit there is no timer', () => {
    void waitFor(new Promise(() => {}), { clock })
    expect(clock.armed).toEqual([])
  })

  test('a limit without an error to reject with rejects with undefined', async () => {
    const waiting = waitFor(new Promise(() => {}), { clock, ms: 1000 })
    const outcome = expect(waiting).rejects.toBeUndefined()
    await clock.advance(1000)
    await outcome
  })
})

describe('a pause', () => {
  const clock = createManualClock()

  test('ends when its time is over, not before', async () => {
    let isOver = false
    void pause(1000, { clock, signal: new AbortController().signal }).then(() => {
      isOver = true
    })
    await clock.advance(999)
    expect(isOver).toBe(false)
    await clock.advance(1)
    expect(isOver).toBe(true)
  })

  test('ends at once with the reason of the signal, and leaves no timer', async () => {
    const controller = new AbortController()
    const paused = pause(1000, { clock, signal: controller.signal })
    controller.abort('enough')
    await expect(paused).rejects.toBe('enough')
    expect(clock.armed).toEqual([])
  })
})

// @vitest-environment node
import { describe, expect, test, vi } from 'vitest'
import { pause, waitFor } from '../../src/core/wait.js'
import { deferred } from '../support/deferred.js'
import { createManualClock } from '../support/manual-clock.js'

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
  const waiting = expect(waitFor(work.promise, { clock, ms: 1000, onTimeout: late })).rejects.toThrow('late')
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

test('settling takes the very listener away that was added', async () => {
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

describe('a pause', () => {
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

// @vitest-environment node
import { expect, test, vi } from 'vitest'
import { createRefreshTimer } from '../../src/core/refresh-timer.js'
import { createManualClock } from '../support/manual-clock.js'

const day = 86_400_000

function setUp(inMs: number) {
  const clock = createManualClock()
  const due = { at: clock.now() + inMs }
  const refresh = vi.fn()
  const timer = createRefreshTimer({ clock, dueAt: () => due.at, refresh })
  timer.reset()
  return { clock, due, refresh, timer }
}

test('refreshes when it is due, once', async () => {
  const { clock, refresh } = setUp(10_000)
  await clock.advance(9999)
  expect(refresh).not.toHaveBeenCalled()
  await clock.advance(1)
  expect(refresh).toHaveBeenCalledTimes(1)
  await clock.advance(day)
  expect(refresh).toHaveBeenCalledTimes(1)
})

test('refreshes as soon as it can when it is overdue', async () => {
  const { clock, refresh } = setUp(-day)
  expect(refresh).not.toHaveBeenCalled()
  await clock.advance(0)
  expect(refresh).toHaveBeenCalledTimes(1)
})

test('arms nothing when nothing is due', () => {
  const { clock } = setUp(Infinity)
  expect(clock.armed).toEqual([])
})

test('has one timer at most, however often it is reset', () => {
  const { clock, timer } = setUp(10_000)
  for (let times = 0; times < 10; times++) timer.reset()
  expect(clock.armed).toEqual([10_000])
})

test('a reset to nothing due takes the timer back', async () => {
  const { clock, due, timer, refresh } = setUp(10_000)
  due.at = Infinity
  timer.reset()
  expect(clock.armed).toEqual([])
  await clock.advance(10_000)
  expect(refresh).not.toHaveBeenCalled()
})

test('what is due in 60 days is not refreshed at once, nor when the longest timer fires', async () => {
  const { clock, refresh } = setUp(60 * day)
  expect(clock.armed).toEqual([2 ** 31 - 1])
  await clock.advance(2 ** 31 - 1)
  expect(refresh).not.toHaveBeenCalled()
  await clock.advance(60 * day - (2 ** 31 - 1))
  expect(refresh).toHaveBeenCalledTimes(1)
})

test('a clock that was set back makes it wait until the wall clock agrees', async () => {
  const { clock, refresh } = setUp(10_000)
  clock.jump(-day)
  await clock.advance(10_000)
  expect(refresh).not.toHaveBeenCalled()
  await clock.advance(day)
  expect(refresh).toHaveBeenCalledTimes(1)
})

test('after a sleep beyond the due time it refreshes once', async () => {
  const { clock, refresh } = setUp(10_000)
  await clock.freeze(3 * day)
  expect(refresh).toHaveBeenCalledTimes(1)
})

test('stop takes the timer away', async () => {
  const { clock, timer, refresh } = setUp(10_000)
  timer.stop()
  timer.stop()
  expect(clock.armed).toEqual([])
  await clock.advance(day)
  expect(refresh).not.toHaveBeenCalled()
})

import { expect, test } from 'vitest'
import { createTurnstile } from '../../src/http/turnstile.js'
import { settled } from '../support/settled.js'

/** So many who all want to go on in one task. `nextTask` runs the timers that are armed by then. */
function crowd(size: number) {
  const timers = new Set<() => void>()
  const turnstile = createTurnstile((_, callback) => {
    timers.add(callback)
    return () => timers.delete(callback)
  })
  const outcomes: unknown[] = []
  for (let n = 0; n < size; n++) turnstile.enter()
  const turns = Array.from({ length: size }, () => turnstile.pass())
  for (const turn of turns) {
    turn?.then(
      () => outcomes.push('gone'),
      (reason) => outcomes.push(reason),
    )
  }
  async function nextTask(): Promise<void> {
    const due = [...timers]
    timers.clear()
    for (const callback of due) callback()
    await settled()
  }
  return { turnstile, turns, outcomes, timers, nextTask }
}

test('those who are not many go on at once, and no timer is set for them', () => {
  const { turns, timers } = crowd(500)
  expect(turns).toEqual(Array.from({ length: 500 }, () => undefined))
  expect(timers.size).toBe(0)
})

test('a crowd of 1,200 goes on in groups of 500, a task apart', async () => {
  const { outcomes, timers, nextTask } = crowd(1200)
  await nextTask()
  expect(outcomes).toHaveLength(500)
  await nextTask()
  expect(outcomes).toHaveLength(1000)
  await nextTask()
  expect(outcomes).toEqual(Array.from({ length: 1200 }, () => 'gone'))
  expect(timers.size).toBe(0)
})

test('one more is a crowd, whose first waits for its turn', () => {
  const { turns } = crowd(501)
  expect(turns[0]).toBeInstanceOf(Promise)
})

test('who has given up is not counted', () => {
  const { turnstile } = crowd(0)
  for (let n = 0; n < 1000; n++) turnstile.enter()
  for (let n = 0; n < 999; n++) turnstile.leave()
  expect(turnstile.pass()).toBeUndefined()
})

test('when it closes, all who are yet to go on are turned away, and no timer is left', async () => {
  const { turnstile, outcomes, timers, nextTask } = crowd(1200)
  await nextTask()
  const reason = new Error('closed')
  turnstile.close(reason)
  turnstile.enter()
  expect(turnstile.pass(), 'who comes later').toBeUndefined()
  await settled()
  expect(outcomes.slice(500)).toEqual(Array.from({ length: 700 }, () => reason))
  expect(timers.size).toBe(0)
})

test('nothing is to be closed where nobody ever waited', () => {
  expect(() => crowd(1).turnstile.close(new Error('closed'))).not.toThrow()
})

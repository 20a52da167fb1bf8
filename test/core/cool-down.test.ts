// @vitest-environment node
import { expect, test } from 'vitest'
import { createCoolDown } from '../../src/core/cool-down.js'
import { AuthError } from '../../src/core/errors.js'
import { createManualClock } from '../support/manual-clock.js'
import { seededRandom } from '../support/seeded-random.js'

const error = new AuthError('REFRESH_FAILED', 'no luck')

function setUp(random: () => number = () => 0.9999) {
  const clock = createManualClock()
  const coolDown = createCoolDown({ clock, random })
  return { clock, coolDown, restMs: () => Math.round(coolDown.notBefore() - clock.now()) }
}

test('without trouble there is no rest', () => {
  const { clock, coolDown } = setUp()
  expect(coolDown.trouble).toBeUndefined()
  expect(coolDown.notBefore()).toBeLessThanOrEqual(clock.now())
})

test('the rest doubles with each failure, up to a minute', () => {
  const { coolDown, restMs } = setUp()
  const rests: number[] = []
  for (let failures = 0; failures < 9; failures++) {
    expect(coolDown.fail(error)).toBe(error)
    rests.push(Math.round(restMs() / 1000))
  }
  expect(coolDown.trouble).toBe(error)
  expect(rests).toEqual([1, 2, 4, 8, 16, 32, 60, 60, 60])
})

test('the rest is any part of its length, so that clients who failed together return apart', () => {
  const random = seededRandom(7)
  const rests = Array.from({ length: 1000 }, () => {
    const { coolDown, restMs } = setUp(random)
    coolDown.fail(error)
    return restMs()
  })
  const inEachTenth = Array.from({ length: 10 }, (_, tenth) =>
    rests.filter((ms) => Math.floor(ms / 100) === tenth),
  )
  for (const tenth of inEachTenth) expect(tenth.length).toBeGreaterThan(60)
  expect(rests.every((ms) => ms >= 0 && ms <= 1000)).toBe(true)
})

test('a failure that the server had no part in costs no rest', () => {
  const { clock, coolDown } = setUp()
  coolDown.failWithoutRest(error)
  expect(coolDown.trouble).toBe(error)
  expect(coolDown.notBefore()).toBeLessThanOrEqual(clock.now())
})

test('what the server asked for counts, but for five minutes at most, and not less for a later wish', () => {
  const { clock, coolDown, restMs } = setUp()
  coolDown.restUntil(clock.now() + 120_000)
  coolDown.restUntil(clock.now() + 1000)
  expect(restMs()).toBe(120_000)
  coolDown.restUntil(Number.MAX_VALUE)
  expect(restMs()).toBe(300_000)
})

test('to forget ends the rest after failures, and the count of them, but not what the server asked for', () => {
  const { clock, coolDown, restMs } = setUp()
  for (let failures = 0; failures < 5; failures++) coolDown.fail(error)
  coolDown.forget()
  expect(coolDown.trouble).toBeUndefined()
  expect(coolDown.notBefore()).toBeLessThanOrEqual(clock.now())
  coolDown.fail(error)
  expect(restMs()).toBeLessThanOrEqual(1000)
  coolDown.restUntil(clock.now() + 120_000)
  coolDown.forget()
  expect(restMs()).toBe(120_000)
})

test.each([86_400_000, 3_600_000])('a clock that is set back by %d ms ends the rest', (ms) => {
  const { clock, coolDown } = setUp()
  coolDown.restUntil(clock.now() + 120_000)
  clock.jump(-ms)
  expect(coolDown.notBefore()).toBeLessThanOrEqual(clock.now())
})

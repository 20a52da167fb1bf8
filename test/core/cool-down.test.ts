// @vitest-environment node
import { describe, expect, test } from 'vitest'
import { createRandom } from '../../scripts/seeded-random.mjs'
import { createCoolDown } from '../../src/core/cool-down.js'
import { AuthError } from '../../src/core/errors.js'
import { createManualClock } from '../support/manual-clock.js'

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

test('the rest doubles with each failure, up to five minutes', () => {
  const { coolDown, restMs } = setUp()
  const rests: number[] = []
  for (let failures = 0; failures < 12; failures++) {
    expect(coolDown.fail(error)).toBe(error)
    rests.push(Math.round(restMs() / 1000))
  }
  expect(coolDown.trouble).toBe(error)
  expect(rests).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300])
})

test('of the longest rest the first is any part, and the later ones are whole: each client keeps its own instant', () => {
  const { coolDown, restMs } = setUp(() => 0.25)
  const rests: number[] = []
  for (let failures = 0; failures < 12; failures++) {
    coolDown.fail(error)
    rests.push(restMs() / 1000)
  }
  expect(rests.slice(8)).toEqual([64, 75, 300, 300])
})

test('whatever went before, the instants of many clients lie evenly in the longest rest', () => {
  const random = createRandom(11)
  const instants = Array.from({ length: 1000 }, () => {
    const { coolDown, restMs } = setUp(random)
    let failedAt = 0
    for (let failures = 0; failures < 12; failures++) {
      coolDown.fail(error)
      failedAt += restMs()
    }
    return failedAt % 300_000
  })
  const inEachTenth = Array.from({ length: 10 }, (_, tenth) =>
    instants.filter((ms) => Math.floor(ms / 30_000) === tenth),
  )
  for (const tenth of inEachTenth) expect(tenth.length).toBeGreaterThan(60)
})

test('a server that has failed and not recovered is probed', () => {
  const { coolDown } = setUp()
  expect(coolDown.isProbing).toBe(false)
  coolDown.failWithoutRest(error)
  expect(coolDown.isProbing).toBe(false)
  coolDown.fail(error)
  expect(coolDown.isProbing).toBe(true)
  coolDown.forget()
  expect(coolDown.isProbing).toBe(false)
})

describe('a Retry-After that all clients were told', () => {
  test('is kept by each, and they return spread over as long again', () => {
    const random = createRandom(5)
    const rests = Array.from({ length: 1000 }, () => {
      const { coolDown, restMs } = setUp(random)
      coolDown.fail(error, 120_000)
      return restMs()
    })
    const inEachTenth = Array.from({ length: 10 }, (_, tenth) =>
      rests.filter((ms) => Math.floor((ms - 120_000) / 12_000) === tenth),
    )
    for (const tenth of inEachTenth) expect(tenth.length).toBeGreaterThan(60)
    expect(rests.every((ms) => ms >= 120_000 && ms <= 240_000)).toBe(true)
  })

  test('keeps them apart when the next one is shorter', () => {
    const { coolDown, restMs } = setUp()
    coolDown.fail(error, 120_000)
    coolDown.fail(error, 1000)
    expect(restMs()).toBeGreaterThan(200_000)
  })

  test('does not disturb those who keep an instant of their own already, unless it is later', () => {
    const { coolDown, restMs } = setUp(() => 0.25)
    for (let failures = 0; failures < 11; failures++) coolDown.fail(error)
    coolDown.fail(error, 120_000)
    expect(restMs()).toBe(300_000)
  })

  test('counts for five minutes at most', () => {
    const { coolDown, restMs } = setUp(() => 0)
    coolDown.fail(error, Infinity)
    expect(restMs()).toBe(300_000)
  })
})

test('the rest is any part of its length, so that clients who failed together return apart', () => {
  const random = createRandom(7)
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

test('what another tab was told counts, but for ten minutes at most, and not less for a later wish', () => {
  const { clock, coolDown, restMs } = setUp()
  coolDown.restUntil(clock.now() + 120_000)
  coolDown.restUntil(clock.now() + 1000)
  expect(restMs()).toBe(120_000)
  coolDown.restUntil(Number.MAX_VALUE)
  expect(restMs()).toBe(600_000)
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

test('to forget a failure is not to forget the Retry-After that came with it', () => {
  const { coolDown, restMs } = setUp()
  coolDown.fail(error, 120_000)
  coolDown.fail(error, 1000)
  coolDown.forget()
  expect(restMs()).toBe(120_000)
})

test.each([86_400_000, 3_600_000, 1000])(
  'a clock that is set back by %d ms ends the rest, for good',
  (ms) => {
    const { clock, coolDown } = setUp()
    coolDown.restUntil(clock.now() + 120_000)
    clock.jump(-ms)
    expect(coolDown.notBefore()).toBeLessThanOrEqual(clock.now())
    clock.jump(ms)
    expect(coolDown.notBefore()).toBeLessThanOrEqual(clock.now())
  },
)

test('what is noted after the clock was set back counts by the new time', () => {
  const { clock, coolDown, restMs } = setUp()
  coolDown.restUntil(clock.now() + 120_000)
  clock.jump(-3_600_000)
  coolDown.restUntil(clock.now() + 60_000)
  expect(restMs()).toBe(60_000)
  clock.jump(-3_600_000)
  coolDown.fail(error, 30_000)
  expect(restMs()).toBeLessThanOrEqual(60_000)
})

// @vitest-environment node
import { describe, expect, test } from 'vitest'
import { createRandom } from '../../scripts/seeded-random.mjs'
import { AuthError } from '../../src/core/errors.js'
import type { RefreshOutcome } from '../../src/core/refresh-outcome.js'
import {
  afterFailure,
  type Backoff,
  nextStep,
  noBackoff,
  noTries,
  notBefore,
  quietUntil,
  recovered,
  type Tries,
} from '../../src/core/retry-policy.js'
import { ended, lost, misconfigured, unavailable } from '../support/fake-endpoint.js'

type Failure = Extract<RefreshOutcome, { error: AuthError }>

const now = Date.UTC(2030, 0, 1)
const day = 86_400_000
const patienceMs = 10_000
const error = new AuthError('REFRESH_FAILED', 'no luck')

const failed = (outcome: RefreshOutcome, more: object = {}): Failure => ({ ...(outcome as Failure), ...more })

/** How long the endpoint is left alone after each of some failures, in which each comes when the last backoff is over. */
function backoffsOf(failures: number, random: () => number, from: Backoff = noBackoff) {
  const waitsMs: number[] = []
  let [backoff, at] = [from, now]
  for (let failure = 0; failure < failures; failure++) {
    backoff = afterFailure(backoff, error, 0, at, random())
    waitsMs.push(notBefore(backoff, at) - at)
    at = notBefore(backoff, at)
  }
  return { backoff, waitsMs, at }
}

/** How many of some values lie in each tenth of what begins at `from` and is `lengthMs` long. */
const tenthsOf = (values: readonly number[], from: number, lengthMs: number): number[] =>
  Array.from(
    { length: 10 },
    (_, tenth) => values.filter((value) => Math.floor(((value - from) / lengthMs) * 10) === tenth).length,
  )

describe('after a call that failed, a flight', () => {
  const serverFails = afterFailure(noBackoff, error, 0, now - 60_000, 0.5)
  const histories: Record<string, { tries: Tries; backoff: Backoff }> = {
    'as the first of it': { tries: noTries, backoff: noBackoff },
    'after one retry': { tries: { retries: 1, lostReplies: 0 }, backoff: noBackoff },
    'after two retries': { tries: { retries: 2, lostReplies: 0 }, backoff: noBackoff },
    'after a lost reply': { tries: { retries: 0, lostReplies: 1 }, backoff: noBackoff },
    'after a lost reply and a retry': { tries: { retries: 1, lostReplies: 1 }, backoff: noBackoff },
    'by a server that has failed before': { tries: noTries, backoff: serverFails },
    'by a server that has failed before, after a lost reply': {
      tries: { retries: 0, lostReplies: 1 },
      backoff: serverFails,
    },
    'after a time without a network': { tries: noTries, backoff: { ...noBackoff, error } },
  }
  const all = (step: number | 'fails'): (number | 'fails')[] => Object.keys(histories).map(() => step)

  /** In how many ms each of them retries with a `random` of one half, one for each history. */
  const table: [title: string, outcome: Failure, steps: (number | 'fails')[]][] = [
    ['a refusal', failed(unavailable()), [500, 1000, 'fails', 500, 1000, 'fails', 'fails', 500]],
    [
      'a Retry-After of half the time that callers wait',
      failed(unavailable(5000)),
      [500, 1000, 'fails', 500, 1000, 'fails', 'fails', 500],
    ],
    ['a longer Retry-After', failed(unavailable(5001)), all('fails')],
    ['a Retry-After without an end', failed(unavailable(Infinity)), all('fails')],
    ['a lost reply', failed(lost), [0, 0, 0, 'fails', 'fails', 0, 'fails', 0]],
    [
      'a lost reply with a Retry-After',
      failed(lost, { retryAfterMs: 30_000 }),
      [0, 0, 0, 'fails', 'fails', 0, 'fails', 0],
    ],
    ['a yes without a token', failed(unavailable(), { isSpent: true }), all('fails')],
    ['a wrong set-up', failed(misconfigured), all('fails')],
    ['the end of the session', failed(ended), all('fails')],
  ]
  const cases = table.flatMap(([title, outcome, steps]) =>
    Object.entries(histories).map(
      ([when, history], index) => [title, when, steps[index] as number | 'fails', outcome, history] as const,
    ),
  )

  test.each(cases)('%s, %s: %s', (_title, _when, expected, outcome, { tries, backoff }) => {
    const step = nextStep(outcome, tries, backoff, now, 0.5, patienceMs)
    const retryAfterMs = 'retryAfterMs' in outcome ? (outcome.retryAfterMs ?? 0) : 0
    if (expected === 'fails') {
      expect(step).toEqual({
        error: outcome.error,
        backoff: afterFailure(backoff, outcome.error, retryAfterMs, now, 0.5),
      })
    } else {
      const isLost = 'isUnknown' in outcome
      expect(step).toEqual({
        retryInMs: expected,
        tries: isLost ? { ...tries, lostReplies: 1 } : { ...tries, retries: tries.retries + 1 },
        backoff: retryAfterMs > 0 ? quietUntil(backoff, now + retryAfterMs, now) : backoff,
      })
    }
  })

  test('retries after any part of a delay that doubles: of a second, then of two', () => {
    const delayMs = (retries: number, random: number): number => {
      const step = nextStep(
        failed(unavailable()),
        { retries, lostReplies: 0 },
        noBackoff,
        now,
        random,
        patienceMs,
      )
      return (step as { retryInMs: number }).retryInMs
    }
    expect([delayMs(0, 0), delayMs(1, 0)]).toEqual([0, 0])
    expect([delayMs(0, 0.999), delayMs(1, 0.999)]).toEqual([999, 1998])
  })

  test('that retries leaves the endpoint alone until the Retry-After is over', () => {
    const step = nextStep(failed(unavailable(3000)), noTries, noBackoff, now, 0.5, patienceMs)
    expect(notBefore(step.backoff, now)).toBe(now + 3000)
    expect(step.backoff.error, 'nothing has failed yet').toBeUndefined()
  })
})

test('without a failure there is no backoff', () => {
  expect(noBackoff.error).toBeUndefined()
  expect(notBefore(noBackoff, now)).toBeLessThanOrEqual(now)
})

test('a backoff is a value: what follows from it leaves it as it is', () => {
  const backoff = Object.freeze(afterFailure(Object.freeze(noBackoff), error, 1000, now, 0.5))
  const before = { ...backoff }
  afterFailure(backoff, error, 2000, now + 1, 0.5)
  quietUntil(backoff, now + 9000, now + 1)
  recovered(backoff)
  nextStep(failed(unavailable(3000)), noTries, backoff, now, 0.5, patienceMs)
  expect(backoff).toEqual(before)
})

describe('the backoff after failures', () => {
  test('doubles with each, up to five minutes', () => {
    const { backoff, waitsMs } = backoffsOf(12, () => 0.9999)
    expect(backoff.error).toBe(error)
    const seconds = waitsMs.map((ms) => Math.round(ms / 1000))
    expect(seconds).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300])
  })

  test('is the first time any part of the longest, and then all of it: each client keeps its own instant', () => {
    const { waitsMs } = backoffsOf(12, () => 0.25)
    expect(waitsMs.slice(8)).toEqual([64_000, 75_000, 300_000, 300_000])
  })

  test('lays the instants of many clients evenly in the longest, whatever came before', () => {
    const random = createRandom(11)
    const instants = Array.from({ length: 1000 }, () => (backoffsOf(12, random).at - now) % 300_000)
    for (const count of tenthsOf(instants, 0, 300_000)) expect(count).toBeGreaterThan(60)
  })

  test('is any part of its length, so that clients who failed together return apart', () => {
    const random = createRandom(7)
    const waitsMs = Array.from({ length: 1000 }, () => backoffsOf(1, random).waitsMs[0] as number)
    for (const count of tenthsOf(waitsMs, 0, 1000)) expect(count).toBeGreaterThan(60)
    expect(waitsMs.every((ms) => ms >= 0 && ms <= 1000)).toBe(true)
  })

  test('is none where the server had no part in the failure', () => {
    const offline = { ...noBackoff, error }
    expect(notBefore(offline, now)).toBeLessThanOrEqual(now)
    expect(backoffsOf(1, () => 0.9999, offline).waitsMs[0]).toBeLessThanOrEqual(1000)
  })
})

describe('a user who waits', () => {
  const last = (failures: number, random: () => number) => {
    const { backoff } = backoffsOf(failures, random)
    return { backoff, at: backoff.notedAt }
  }

  /** After how many failures, with which `random`, the endpoint is left alone for how long: for users, and for others. */
  const table: [failures: number, random: number, wantedMs: number, othersMs: number][] = [
    [1, 0.5, 500, 500],
    [3, 0.5, 2000, 2000],
    [5, 0.5, 7500, 8000],
    [9, 0, 0, 0],
    [9, 0.25, 6250, 64_000],
    [9, 0.9999, 9999.5, 255_974.4],
    [12, 0, 5000, 300_000],
    [12, 0.5, 7500, 300_000],
    [12, 0.9999, 9999.5, 300_000],
  ]
  test.each(table)(
    'after %d failures, by a random %d: %d ms, and %d for others',
    (failures, random, ms, others) => {
      const { backoff, at } = last(failures, () => random)
      expect(notBefore(backoff, at, true) - at).toBeCloseTo(ms, 0)
      expect(notBefore(backoff, at) - at).toBeCloseTo(others, 0)
    },
  )

  test('never waits longer than the others', () => {
    const random = createRandom(3)
    for (let failures = 1; failures < 15; failures++) {
      for (const retryAfterMs of [0, 1000, 120_000, 295_000, Infinity]) {
        const { backoff, at } = last(failures, random)
        const after = afterFailure(backoff, error, retryAfterMs, at, random())
        expect(notBefore(after, at, true)).toBeLessThanOrEqual(notBefore(after, at))
      }
    }
  })

  test.each([0, 12])(
    'keeps to a Retry-After, and returns apart from others, after %d failures',
    (failures) => {
      const random = createRandom(5)
      const waitsMs = Array.from({ length: 1000 }, () => {
        const { backoff, at } = last(failures, random)
        return notBefore(afterFailure(backoff, error, 120_000, at, random()), at, true) - at
      })
      for (const count of tenthsOf(waitsMs, 125_000, 5000)) expect(count).toBeGreaterThan(60)
      expect(Math.min(...waitsMs)).toBeGreaterThanOrEqual(120_000)
    },
  )

  test('keeps to the quiet that another tab was asked for', () => {
    const { backoff, at } = last(12, () => 0.5)
    expect(notBefore(quietUntil(backoff, at + 60_000, at), at, true) - at).toBe(60_000)
    expect(notBefore(quietUntil(backoff, at + 1, at), at, true) - at).toBe(7500)
  })

  test('does not wait after a recovery, or while the clock is set back', () => {
    const { backoff, at } = last(12, () => 0.5)
    expect(notBefore(recovered(backoff), at, true)).toBeLessThanOrEqual(at)
    expect(notBefore(backoff, at - day, true)).toBeLessThanOrEqual(at - day)
    const quiet = quietUntil(backoff, at - day + 1000, at - day)
    expect(notBefore(quiet, at - day, true)).toBe(at - day + 1000)
  })
})

describe('a Retry-After that all clients are given', () => {
  test('is kept by each, and they return spread over as long again', () => {
    const random = createRandom(5)
    const waitsMs = Array.from(
      { length: 1000 },
      () => notBefore(afterFailure(noBackoff, error, 120_000, now, random()), now) - now,
    )
    for (const count of tenthsOf(waitsMs, 120_000, 120_000)) expect(count).toBeGreaterThan(60)
    expect(waitsMs.every((ms) => ms >= 120_000 && ms <= 240_000)).toBe(true)
  })

  test('keeps them apart when the next one is shorter', () => {
    const first = afterFailure(noBackoff, error, 120_000, now, 0.9999)
    const second = afterFailure(first, error, 1000, now, 0.9999)
    expect(notBefore(second, now) - now).toBeGreaterThan(200_000)
  })

  test('does not disturb those who keep an instant of their own already, unless it is later', () => {
    const { backoff, at } = backoffsOf(11, () => 0.25)
    expect(notBefore(afterFailure(backoff, error, 120_000, at, 0.25), at) - at).toBe(300_000)
  })

  test('counts for five minutes at most', () => {
    expect(notBefore(afterFailure(noBackoff, error, Infinity, now, 0), now) - now).toBe(300_000)
  })
})

describe('quiet that another tab was asked for', () => {
  test('counts, but for ten minutes at most, and no less for a later wish', () => {
    const long = quietUntil(noBackoff, now + 120_000, now)
    expect(notBefore(quietUntil(long, now + 1000, now), now) - now).toBe(120_000)
    expect(notBefore(quietUntil(long, Number.MAX_VALUE, now), now) - now).toBe(600_000)
  })

  test('leaves the backoff after failures as it is', () => {
    const { backoff } = backoffsOf(5, () => 0.9999)
    const quiet = quietUntil(backoff, now + 1, backoff.notedAt)
    expect(quiet).toMatchObject({ error, delayMs: backoff.delayMs, retryAt: backoff.retryAt })
  })
})

describe('a recovery', () => {
  test('ends the backoff after failures, and the count of them', () => {
    const { backoff, at } = backoffsOf(5, () => 0.9999)
    const after = recovered(backoff)
    expect(after.error).toBeUndefined()
    expect(notBefore(after, at)).toBeLessThanOrEqual(at)
    expect(backoffsOf(1, () => 0.9999, after).waitsMs[0]).toBeLessThanOrEqual(1000)
  })

  test('does not end the quiet that the server asked for', () => {
    const after = recovered(quietUntil(backoffsOf(5, () => 0.9999).backoff, now + 120_000, now + 60_000))
    expect(notBefore(after, now + 60_000)).toBe(now + 120_000)
  })

  test('does not end a Retry-After that came with a failure', () => {
    const first = afterFailure(noBackoff, error, 120_000, now, 0.9999)
    const second = afterFailure(first, error, 1000, now, 0.9999)
    expect(notBefore(recovered(second), now) - now).toBe(120_000)
  })
})

describe('a clock that is set back', () => {
  test.each([day, 3_600_000, 1000])('by %d ms ends the backoff while it shows an earlier time', (ms) => {
    expect(notBefore(quietUntil(noBackoff, now + 120_000, now), now - ms)).toBeLessThanOrEqual(now - ms)
    const failing = afterFailure(noBackoff, error, 120_000, now, 0.5)
    expect(notBefore(failing, now - ms)).toBeLessThanOrEqual(now - ms)
  })

  test('counts again from the next note on, by the new time alone', () => {
    const before = afterFailure(quietUntil(noBackoff, now + 120_000, now), error, 0, now, 0.9999)
    const early = now - 3_600_000
    const quiet = quietUntil(before, early + 60_000, early)
    expect(notBefore(quiet, early) - early).toBe(60_000)
    const earlier = early - 3_600_000
    const failing = afterFailure(quiet, error, 30_000, earlier, 0.9999)
    expect(notBefore(failing, earlier) - earlier).toBeLessThanOrEqual(60_000)
    expect(notBefore(recovered(failing), earlier) - earlier).toBe(30_000)
  })
})

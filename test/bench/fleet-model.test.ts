// @vitest-environment node
// The model of a client in bench/fleet.mjs calls the server at the very instants at which the library does.
import { expect, test } from 'vitest'
import { latchkeyPolicy } from '../../bench/fleet-model.mjs'
import { createRandom } from '../../scripts/seeded-random.mjs'
import { createRefreshCoordinator } from '../../src/core/refresh-coordinator.js'
import type { RefreshOutcome } from '../../src/core/refresh-outcome.js'
import * as retryPolicy from '../../src/core/retry-policy.js'
import { createSessionPhase } from '../../src/core/session-phase.js'
import { createSessionRecord } from '../../src/core/session-record.js'
import { createFailsafeStore, memoryStore } from '../../src/core/token-store.js'
import { lost, never, unavailable } from '../support/fake-endpoint.js'
import { createFakeEnvironment } from '../support/fake-environment.js'
import { createManualClock } from '../support/manual-clock.js'

const startAt = Date.UTC(2030, 0, 1)
const calls = 20

type Kind = 'refused' | 'lost' | 'unanswered' | { retryAfterMs: number }
type Script = (call: number) => Kind

/** When the library calls a server that never recovers, asked again as soon as its backoff is over. */
async function callsOfLibrary(script: Script, seed: number, isVisible: boolean): Promise<number[]> {
  const clock = createManualClock(startAt, 3)
  const dues = new Set<{ at: number }>()
  const { after } = clock
  clock.after = (ms, callback) => {
    const due = { at: clock.now() + ms }
    dues.add(due)
    const cancel = after(ms, () => {
      dues.delete(due)
      callback()
    })
    return () => {
      dues.delete(due)
      cancel()
    }
  }
  let random = (): number => 0.5
  const environment = createFakeEnvironment({ clock, random: () => random() })
  environment.lifecycle.isVisibleNow = isVisible
  const at: number[] = []
  const phase = createSessionPhase<unknown>(clock)
  const store = createFailsafeStore(memoryStore(), clock, new AbortController().signal, phase.emit)
  const record = createSessionRecord(phase, store, environment)
  await record.signIn({ accessToken: 'access-1', refreshToken: 'refresh-1' })
  random = createRandom(seed)
  const answer = (kind: Kind): RefreshOutcome | Promise<RefreshOutcome> =>
    kind === 'refused'
      ? unavailable()
      : kind === 'lost'
        ? lost
        : kind === 'unanswered'
          ? never()
          : unavailable(kind.retryAfterMs)
  const coordinator = createRefreshCoordinator({
    phase,
    record,
    environment,
    refreshTimeoutMs: 10_000,
    callRefresh: async () => answer(script(at.push(clock.now() - startAt) - 1)),
  })
  while (at.length < calls) {
    const waitMs = isVisible ? 0 : coordinator.retryAt() - clock.now()
    if (waitMs > 0 && !phase.flight) await clock.advance(waitMs)
    coordinator.refresh().catch(() => {})
    // It is too early for a request to wait.
    if (!phase.flight) await clock.advance(1000)
    while (phase.flight && at.length < calls) {
      await clock.advance(0)
      const nextAt = Math.min(...[...dues].map(({ at }) => at))
      // A hair more, for instants this large are not exact.
      await clock.advance(nextAt < Infinity ? nextAt - clock.now() + 0.001 : 0)
    }
  }
  phase.transition({ status: 'disposed' })
  // A call that was sent is waited for until its time is up.
  const made = [...at]
  await clock.advance(20_000)
  return made
}

function callsOfModel(script: Script, seed: number, isVisible: boolean): number[] {
  let now = startAt
  const next = latchkeyPolicy(retryPolicy, isVisible)({ now: () => now }, createRandom(seed))
  const at: number[] = []
  for (let call = 0; call < calls; call++) {
    at.push(now - startAt)
    const kind = script(call)
    if (kind === 'unanswered') now += 20_000
    now = Math.max(
      now,
      next({
        isUnknown: kind === 'lost',
        isTimeout: kind === 'unanswered',
        retryAfterMs: typeof kind === 'object' ? kind.retryAfterMs : 0,
      }),
    )
  }
  return at
}

const kinds: Kind[] = [
  'refused',
  'lost',
  { retryAfterMs: 3000 },
  { retryAfterMs: 30_000 },
  { retryAfterMs: 600_000 },
]
const scripts: [string, Script][] = [
  ['that refuses', () => 'refused'],
  ['that cannot be reached', () => 'lost'],
  ['that gives no answer', () => 'unanswered'],
  ['that asks for 3 s', () => ({ retryAfterMs: 3000 })],
  ['that asks for 30 s', () => ({ retryAfterMs: 30_000 })],
  ['that asks for 10 min', () => ({ retryAfterMs: 600_000 })],
  ['that does this and that', (call) => kinds[(call * 7 + (call >> 2)) % kinds.length] as Kind],
]

const cases = [false, true].flatMap((isVisible) =>
  scripts
    // The limit of a flight counts from its first request, which in a visible tab comes before the call.
    .filter(([server]) => !isVisible || server !== 'that gives no answer')
    .map(([server, script]) => [server, isVisible ? 'visible' : 'hidden', script, isVisible] as const),
)

test.each(cases)(
  'a server %s is called by a %s tab when the model says',
  async (_, _tab, script, isVisible) => {
    for (const seed of [1, 2, 3]) {
      const library = await callsOfLibrary(script, seed, isVisible)
      const model = callsOfModel(script, seed, isVisible)
      expect(model.map(Math.round)).toEqual(library.map(Math.round))
    }
  },
)

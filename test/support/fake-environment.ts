import { createRandom } from '../../scripts/seeded-random.mjs'
import type { Environment } from '../../src/core/environment.js'
import { createFakeChannels, type FakeChannel } from './fake-channels.js'
import { createFakeLifecycle, type FakeLifecycle } from './fake-lifecycle.js'
import { createFakeLock } from './fake-lock.js'
import { createManualClock, type ManualClock } from './manual-clock.js'

export interface FakeEnvironment extends Environment {
  clock: ManualClock
  channel: FakeChannel
  lifecycle: FakeLifecycle
}

/** A place of its own for a session; tabs of one browser are given the same clock, lock and channels. */
export const createFakeEnvironment = (shared: Partial<FakeEnvironment> = {}): FakeEnvironment => ({
  clock: createManualClock(),
  random: createRandom(1),
  lock: createFakeLock(),
  channel: createFakeChannels()(),
  lifecycle: createFakeLifecycle(),
  ...shared,
})

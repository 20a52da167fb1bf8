import type { FaultKind } from '../backend/faults.js'
import type { Settings } from '../backend/settings.js'
import type { SideName } from '../backend/side-names.js'
import type { Client } from './clients/client.js'
import type { ScenarioName } from './scenario-names.js'
import type { Wire } from './wire.js'

/** What a scenario has to work with. */
export interface Stage {
  client: Client
  wire: Wire
  fire(calls: number, latencyMs?: number): Promise<unknown>
  /** Until the run is over. */
  change(wish: Partial<Settings>): Promise<unknown>
  /** Signs in anew as whoever is signed in, so that the token is as fresh as can be. */
  signInAgain(): Promise<void>
  untilExpired(): Promise<void>
  /** And has not answered yet, where the refresh takes its time. */
  untilServerHasRotated(): Promise<void>
  inAllTabs(calls: number): void
  pause(ms: number): Promise<void>
}

export interface Scenario {
  group: 'calls' | 'faults'
  /** Whether the copied interceptor shows something of its own here. */
  compares: boolean
  /** Shapes of the page without which it makes no sense. */
  needs?: { skewMinutes: number }
  play(stage: Stage): Promise<void>
}

const burst = 20
const fewer = 8
const slowRefreshMs = 1_600

/** The server has ended the token, the browser does not know, and the refresh meets a fault. */
function broken(fault: FaultKind, rotation: Settings['rotation'] = 'strict'): Scenario {
  return {
    group: 'faults',
    compares: true,
    async play({ client, change, fire }) {
      await change({ fault, faultStrikes: 1, rotation })
      await client.endTokenEarly()
      await fire(fewer)
    },
  }
}

export const scenarios: Readonly<Record<ScenarioName, Scenario>> = {
  burst: {
    group: 'calls',
    compares: true,
    async play({ client, fire }) {
      await client.endTokenEarly()
      await fire(burst)
    },
  },

  expired: {
    group: 'calls',
    compares: false,
    async play({ untilExpired, fire }) {
      await untilExpired()
      await fire(burst)
    },
  },

  single: {
    group: 'calls',
    compares: false,
    async play({ fire }) {
      await fire(1)
    },
  },

  many: {
    group: 'calls',
    compares: false,
    async play({ client, fire }) {
      await client.endTokenEarly()
      await fire(500, 0)
    },
  },

  leave: {
    group: 'calls',
    compares: false,
    async play({ client, change, fire, untilServerHasRotated, pause }) {
      await change({ refreshLatencyMs: slowRefreshMs })
      await client.endTokenEarly()
      const isRotated = untilServerHasRotated()
      const calls = fire(fewer)
      await Promise.race([isRotated, calls])
      await client.signOut()
      await calls
      // Past the moment at which the refresh is answered, to see that the answer changes nothing.
      await pause(slowRefreshMs)
    },
  },

  tabs: {
    group: 'calls',
    compares: false,
    async play({ client, fire, inAllTabs, pause }) {
      await client.endTokenEarly()
      inAllTabs(fewer)
      await fire(fewer)
      await pause(300)
    },
  },

  'refresh-401': broken('401'),
  'refresh-403': broken('403'),
  'refresh-429': broken('429'),
  'refresh-500': broken('500'),
  'refresh-slow': {
    group: 'faults',
    compares: false,
    async play({ client, change, fire }) {
      await change({ refreshLatencyMs: 3_000 })
      await client.endTokenEarly()
      await fire(fewer)
    },
  },
  'refresh-hang': broken('hang'),
  'refresh-html': broken('html'),
  'refresh-empty': broken('empty'),
  dropped: broken('dropped', 'strict'),
  'dropped-grace': broken('dropped', 'grace'),

  offline: {
    group: 'faults',
    compares: true,
    async play({ client, wire, fire, pause }) {
      await client.endTokenEarly()
      wire.cut()
      await fire(4)
      await pause(400)
      wire.mend()
      await pause(100)
      await fire(4)
    },
  },

  clock: {
    group: 'faults',
    compares: false,
    needs: { skewMinutes: 20 },
    async play({ client, signInAgain, fire }) {
      await signInAgain()
      await fire(fewer)
      await client.endTokenEarly()
      await fire(fewer)
    },
  },
}

/** Different for each call, so that the answers do not all come at once; the same in every run. */
export function latencyOf(index: number): number {
  return 60 + ((index * 67) % 180)
}

/** Those that run, in this order. */
export function sidesOf(compares: boolean): SideName[] {
  return compares ? ['copied', 'latchkey'] : ['latchkey']
}

import type { FaultKind } from '../backend/faults.js'
import type { Settings } from '../backend/settings.js'
import { type SideName, workerSideNames } from '../backend/side-names.js'
import type { Client } from './clients/client.js'
import type { ScenarioName } from './scenario-names.js'
import type { Wire } from './wire.js'

/** What a scenario has to work with, for one client that has just signed in. */
export interface Stage {
  client: Client
  wire: Wire
  fire(calls: number, latencyMs?: number): Promise<void>
  /** In this tab and in every other. */
  fireInAllTabs(calls: number): Promise<void>
  /** Plain `<img>` elements in this page, until each has loaded or failed. */
  showPictures(pictures: number): Promise<void>
  /** Until the run is over. */
  change(wish: Partial<Settings>): Promise<void>
  untilExpired(): Promise<void>
  /** And has not answered yet, where the refresh takes its time. */
  untilServerHasRotated(): Promise<void>
  pause(ms: number): Promise<void>
}

export const scenarioGroups = ['expiry', 'worker', 'faults', 'limits'] as const

export interface Scenario {
  group: (typeof scenarioGroups)[number]
  /** Whether the right end of it is a user who is signed out, by a wish of their own. */
  isLeave?: boolean
  /** Who takes part in place of the chosen opponent and Latchkey. */
  sides?: readonly [SideName, SideName]
  /** Whether what counts is pictures, and not calls. */
  isOfPictures?: boolean
  /** Whether it takes more than one tab. */
  isForTabs?: boolean
  /** The server's settings from before the sign-in on, until the run is over. */
  settings?: Partial<Settings>
  /** Shapes of the page without which it makes no sense. */
  needs?: { skewMinutes: number }
  play(stage: Stage): Promise<void>
}

const burst = 20
const fewer = 8
/** Of pictures. */
const row = 6
const slowRefreshMs = 1_600
const shortLifetimeMs = 4_000
const usualLifetimeMs = 15_000
/** Nothing but what the scene does ends such a token, however long a page takes to load. */
const longLifetimeMs = 60_000

/** The server no longer accepts the token, the browser does not know, and the refresh meets a fault. */
function broken(
  fault: FaultKind,
  group: Scenario['group'] = 'faults',
  rotation: Settings['rotation'] = 'strict',
): Scenario {
  return {
    group,
    async play({ client, change, fire }) {
      await change({ fault, faultStrikes: 1, rotation })
      await client.endTokenEarly()
      await fire(fewer)
    },
  }
}

export const scenarios: Readonly<Record<ScenarioName, Scenario>> = {
  tabs: {
    group: 'expiry',
    isForTabs: true,
    async play({ client, fireInAllTabs }) {
      await client.endTokenEarly()
      await fireInAllTabs(fewer)
    },
  },

  burst: {
    group: 'expiry',
    async play({ client, fire }) {
      await client.endTokenEarly()
      await fire(burst)
    },
  },

  expired: {
    group: 'expiry',
    settings: { accessTokenLifetimeMs: shortLifetimeMs },
    async play({ change, untilExpired, fire }) {
      await untilExpired()
      await change({ accessTokenLifetimeMs: usualLifetimeMs })
      await fire(burst)
    },
  },

  single: {
    group: 'expiry',
    async play({ fire }) {
      await fire(1)
    },
  },

  many: {
    group: 'expiry',
    // A slow machine takes longer for all of them than a token of 15 s lives.
    settings: { accessTokenLifetimeMs: 60_000 },
    async play({ client, fire }) {
      await client.endTokenEarly()
      await fire(500, 0)
    },
  },

  leave: {
    group: 'expiry',
    isLeave: true,
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

  pictures: {
    group: 'worker',
    sides: workerSideNames,
    isOfPictures: true,
    settings: { accessTokenLifetimeMs: longLifetimeMs },
    async play({ client, showPictures }) {
      await showPictures(row)
      await client.endTokenEarly()
      await showPictures(row)
    },
  },

  reload: {
    group: 'worker',
    sides: workerSideNames,
    settings: { accessTokenLifetimeMs: longLifetimeMs },
    async play({ client, change, fire, untilServerHasRotated }) {
      await change({ refreshLatencyMs: slowRefreshMs, rotation: 'strict' })
      await client.endTokenEarly()
      const isRotated = untilServerHasRotated()
      const calls = fire(fewer)
      await Promise.race([isRotated, calls])
      await client.reload?.()
      await calls
      await fire(fewer)
    },
  },

  'refresh-500': broken('500'),
  'refresh-403': broken('403'),
  'refresh-429': broken('429'),
  'refresh-html': broken('html'),
  'refresh-empty': broken('empty'),
  'refresh-slow': {
    group: 'faults',
    async play({ client, change, fire }) {
      await change({ refreshLatencyMs: 3_000 })
      await client.endTokenEarly()
      await fire(fewer)
    },
  },
  'refresh-hang': broken('hang'),
  'dropped-grace': broken('dropped', 'faults', 'grace'),

  offline: {
    group: 'faults',
    async play({ client, wire, fire, pause }) {
      await client.endTokenEarly()
      wire.cut()
      await fire(fewer / 2)
      await pause(400)
      wire.mend()
      await pause(100)
      await fire(fewer / 2)
    },
  },

  clock: {
    group: 'faults',
    needs: { skewMinutes: 20 },
    async play({ client, fire }) {
      await fire(fewer)
      await client.endTokenEarly()
      await fire(fewer)
    },
  },

  dropped: broken('dropped', 'limits'),
  'refresh-401': broken('401', 'limits'),
}

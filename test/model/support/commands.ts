import fc from 'fast-check'
import type { TabMessage } from '../../../src/core/environment.js'
import { type Route, routes } from './api.js'
import {
  anyRestMs,
  type Command,
  command,
  everywhere,
  inTab,
  place,
  simple,
  type Weighted,
} from './command.js'
import { type RefreshFate, refreshFates } from './refresh-line.js'
import type { StoreTrouble } from './shared-store.js'
import { open, tabCommands } from './tab-commands.js'
import type { WorldConfig } from './world.js'

export type { Command } from './command.js'

const latencyMs = fc.constantFrom(4, 30, 400, 5000)

const request = fc
  .record({
    which: place,
    restMs: anyRestMs,
    route: fc.oneof(
      { weight: 6, arbitrary: fc.constant<Route>('curable') },
      { weight: 2, arbitrary: fc.constant<Route>('futile') },
      { weight: 1, arbitrary: fc.constantFrom(...routes) },
    ),
    latencyMs,
    isReplayable: fc.oneof({ weight: 7, arbitrary: fc.constant(true) }, fc.boolean()),
    isLost: fc.oneof({ weight: 7, arbitrary: fc.constant(false) }, fc.boolean()),
  })
  .map(({ which, restMs, ...shape }) =>
    inTab(`request ${JSON.stringify(shape)}`, which, restMs, (tab) => void tab.request(shape)),
  )

const fate: fc.Arbitrary<RefreshFate> = fc.record({
  kind: fc.oneof(fc.constant('answered' as const), fc.constantFrom(...refreshFates)),
  latencyMs: fc.constantFrom(40, 300, 3000, 12_000, 19_500, 25_000),
  isDeaf: fc.oneof({ weight: 5, arbitrary: fc.constant(false) }, fc.boolean()),
})

const nextRefresh = fc.tuple(fate, anyRestMs).map(([fate, restMs]) =>
  command(
    `next refresh ${JSON.stringify(fate)}`,
    restMs,
    () => true,
    ({ line }) => void line.fates.push(fate),
  ),
)

const revocation = fc
  .tuple(
    fc.oneof({ weight: 4, arbitrary: fc.constant('revokeAccess' as const) }, fc.constant('end' as const)),
    anyRestMs,
  )
  .map(([what, restMs]) =>
    command(
      what,
      restMs,
      () => true,
      ({ server, tabs }) => {
        for (const { family } of tabs) if (family !== undefined) server[what](family)
      },
    ),
  )

const abort = fc.tuple(place, fc.nat(), anyRestMs).map(([which, nth, restMs]) =>
  inTab(`abort ${nth}`, which, restMs, ({ requests }) => {
    const waiting = requests.filter(({ outcome }) => !outcome)
    waiting[nth % waiting.length]?.aborter.abort()
  }),
)

const jump = fc
  .tuple(fc.constantFrom(-86_400_000, -1_200_000, -3000, 3000, 1_200_000, 86_400_000), anyRestMs)
  .map(([ms, restMs]) =>
    command(
      `clock jumps ${ms}`,
      restMs,
      () => true,
      ({ clock }) => clock.jump(ms),
    ),
  )

const troubles = fc.constantFrom<StoreTrouble>(
  'none',
  'none',
  'fails',
  'reads-fail',
  'writes-fail',
  'full',
  'slow',
  'stuck',
  'late',
  'silent',
)

const storeTrouble = fc
  .tuple(place, troubles, anyRestMs)
  .map(([which, trouble, restMs]) =>
    inTab(`store ${trouble}`, which, restMs, ({ place }, { store }) => store.trouble(place, trouble)),
  )

const slowStore = fc
  .tuple(place, anyRestMs)
  .map(([which, restMs]) =>
    inTab('store slow', which, restMs, ({ place }, { store }) => store.trouble(place, 'slow')),
  )

/** The worst that a stranger can say of each kind. */
const forgedMessage = (type: TabMessage['type'], session: string): TabMessage =>
  ({ type, session, until: Number.MAX_VALUE, generation: Number.MAX_SAFE_INTEGER }) as TabMessage

const forgery = fc
  .tuple(
    fc.constantFrom<TabMessage['type']>('changed', 'ended', 'quiet', 'alive', 'signed-in', 'signed-out'),
    anyRestMs,
  )
  .map(([type, restMs]) =>
    command(
      `a stranger says ${type}`,
      restMs,
      () => true,
      ({ channel, store }) => channel.forge(forgedMessage(type, store.record?.session ?? 'none')),
    ),
  )

const sendAgain = fc
  .tuple(place, fc.nat(), anyRestMs)
  .map(([which, nth, restMs]) => inTab(`send again ${nth}`, which, restMs, (tab) => tab.sendAgain(nth)))

/** How often what is done; the rest of the world's troubles make up what is not listed by its weight. */
const weighted: Weighted = [
  ...tabCommands,
  [12, request],
  [6, nextRefresh],
  [3, revocation],
  [2, abort],
  [2, jump],
  [2, slowStore],
  [1, simple('refresh', (tab) => tab.refresh())],
  [1, simple('get the access token', (tab) => tab.getAccessToken(0))],
  [1, simple('get a long access token', (tab) => tab.getAccessToken(50_000))],
  [1, simple('request elsewhere', (tab) => tab.requestElsewhere())],
  [2, sendAgain],
  [1, everywhere('offline', (world) => world.goOffline())],
  [2, everywhere('online', (world) => world.goOnline())],
  [1, forgery],
  [1, everywhere('clear the store', ({ store }) => store.clear())],
]

const draw = (list: Weighted): fc.Arbitrary<Command> =>
  fc.oneof(...list.map(([weight, arbitrary]) => ({ weight, arbitrary })))

/** Plays on a store that works, for there the strictest claims hold, and plays on one that does not. */
export const anyCommands = (hasStoreTrouble: boolean): fc.Arbitrary<Iterable<Command>> =>
  fc.commands(
    [
      draw(
        hasStoreTrouble
          ? [...weighted, [3, open(troubles)], [4, storeTrouble]]
          : [...weighted, [3, open(fc.constantFrom('none', 'slow'))]],
      ),
    ],
    { maxCommands: 25, size: 'max' },
  )

export const anyConfig = (tabs: fc.Arbitrary<number>): fc.Arbitrary<Omit<WorldConfig, 'client'>> =>
  fc.record({
    tabs,
    rotation: fc.constantFrom('strict' as const, 'grace' as const),
    timing: fc.constantFrom('any' as const, 'after-expiry' as const, 'before-expiry' as const),
    isKeptFresh: fc.oneof({ weight: 4, arbitrary: fc.constant(false) }, fc.constant(true)),
    hasReplace: fc.oneof({ weight: 3, arbitrary: fc.constant(true) }, fc.constant(false)),
    refreshTimeoutMs: fc.constant(10_000),
    seed: fc.nat(),
  })

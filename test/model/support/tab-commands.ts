import fc from 'fast-check'
import { anyRestMs, type Command, command, inSight, inTab, place, simple, type Weighted } from './command.js'
import type { StoreTrouble } from './shared-store.js'
import type { Tab } from './tab.js'
import type { World } from './world.js'

/** Who signs in where. */
const signIn = fc
  .record({
    which: place,
    restMs: anyRestMs,
    lifetimeMs: fc.constantFrom(4000, 60_000, 3_600_000),
    saysLifetime: fc.boolean(),
    hasRefreshToken: fc.oneof({ weight: 9, arbitrary: fc.constant(true) }, fc.boolean()),
    user: fc.constantFrom(undefined, undefined, 'ada', 'grace'),
  })
  .map(({ which, restMs, ...how }) => ({ which, restMs, how }))

const signInHere = signIn.map(({ which, restMs, how }) =>
  inTab(
    `sign in ${JSON.stringify(how)}`,
    which,
    restMs,
    (tab) => tab.signIn(how),
    (tab) => tab.isInSight,
  ),
)

const signInInPopup = signIn.map(({ restMs, how }) =>
  command(
    `a popup signs in ${JSON.stringify(how)}, and is gone`,
    restMs,
    () => true,
    async (world) => {
      const popup = world.openPopup()
      await world.pass(20)
      popup.signIn(how)
      popup.close()
    },
  ),
)

/** Where nobody is any more, another tab is opened, for the user or ahead of her. */
export const open = (trouble: fc.Arbitrary<StoreTrouble>): fc.Arbitrary<Command> =>
  fc
    .record({ which: place, restMs: anyRestMs, isPrerendered: fc.boolean(), trouble })
    .map(({ which, restMs, ...how }) =>
      inTab(
        `open ${JSON.stringify(how)}`,
        which,
        restMs,
        (tab, world) => world.open(world.tabs.indexOf(tab), how),
        (tab) => tab.isDisposed || tab.place.isGone,
      ),
    )

function beginAgain(tab: Tab, world: World): void {
  tab.dispose()
  world.open(world.tabs.indexOf(tab), { before: tab })
}

const beginAgainInMidRefresh = fc
  .tuple(place, fc.constantFrom(1, 5, 20, 45), anyRestMs)
  .map(([which, waitMs, restMs]) =>
    inTab(
      `refresh, and begin again ${waitMs} ms later`,
      which,
      restMs,
      async (tab, world) => {
        tab.refresh()
        await world.pass(waitMs)
        beginAgain(tab, world)
      },
      (tab) => tab.isInSight,
    ),
  )

/** What becomes of the tabs, and who is signed in there. */
export const tabCommands: Weighted = [
  [3, signInHere],
  [1, signInInPopup],
  [2, inSight('sign out', (tab) => tab.signOut())],
  [1, simple('dispose', (tab) => tab.dispose())],
  [1, inSight('begin again in the same page', beginAgain)],
  [1, beginAgainInMidRefresh],
  [
    1,
    simple(
      'crash',
      (tab) => tab.crash(),
      (tab) => !tab.place.isGone,
    ),
  ],
  [
    2,
    simple(
      'show',
      (tab) => tab.show(),
      (tab) => tab.isAwake && !tab.isInSight,
    ),
  ],
  [1, inSight('freeze', (tab) => tab.freeze())],
  [
    2,
    simple(
      'thaw',
      (tab) => tab.thaw(),
      (tab) => tab.place.isFrozen && !tab.place.isGone,
    ),
  ],
  [1, inSight('wake', (tab) => tab.wake())],
]

import fc from 'fast-check'
import type { Tab } from './tab.js'
import type { World } from './world.js'

export type Command = fc.AsyncCommand<World, World>

/** Commands and how often they come, among all the others. */
export type Weighted = readonly (readonly [number, fc.Arbitrary<Command>])[]

/** Something that happens, and the time until the next thing does. */
export const command = (
  name: string,
  restMs: number,
  isPossible: (world: World) => boolean,
  act: (world: World) => void | Promise<void>,
): Command => ({
  check: isPossible,
  async run(world) {
    await act(world)
    await world.pass(restMs)
  },
  toString: () => `${name} +${restMs}`,
})

/** Mostly soon, for what matters is what meets what; now and restMs past a limit of the library's. */
export const anyRestMs = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(0, 1, 2, 5) },
  { weight: 4, arbitrary: fc.constantFrom(20, 45, 300) },
  { weight: 2, arbitrary: fc.constantFrom(2000, 4500, 11_000) },
  { weight: 1, arbitrary: fc.constantFrom(21_000, 61_000, 130_000) },
)
export const place = fc.nat(2)

export function inTab(
  name: string,
  which: number,
  restMs: number,
  act: (tab: Tab, world: World) => void | Promise<void>,
  isPossible: (tab: Tab) => boolean = (tab) => tab.isAwake,
): Command {
  const tabOf = (world: World): Tab => world.tabs[which % world.tabs.length] as Tab
  return command(
    `tab ${which}: ${name}`,
    restMs,
    (world) => isPossible(tabOf(world)),
    (world) => act(tabOf(world), world),
  )
}

export const simple = (
  name: string,
  act: (tab: Tab, world: World) => void,
  isPossible?: (tab: Tab) => boolean,
): fc.Arbitrary<Command> =>
  fc.tuple(place, anyRestMs).map(([which, restMs]) => inTab(name, which, restMs, act, isPossible))

/** What only a user can do, who must see the page. */
export const inSight = (name: string, act: (tab: Tab, world: World) => void): fc.Arbitrary<Command> =>
  simple(name, act, (tab) => tab.isInSight)

export const everywhere = (name: string, act: (world: World) => void): fc.Arbitrary<Command> =>
  anyRestMs.map((restMs) => command(name, restMs, () => true, act))

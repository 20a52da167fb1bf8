import { createRandom } from '../../../scripts/seeded-random.mjs'
import type { RefreshTiming } from '../../../src/core/expiry.js'
import { forgetLeftovers } from '../../leak-watch/leftovers.js'
import { type Agenda, createAgenda, type Place } from './agenda.js'
import { type AuthServer, createAuthServer, type Rotation } from './auth-server.js'
import type { ClientName } from './clients.js'
import { createFairLock, type FairLock } from './fair-lock.js'
import { finishWorld } from './finish.js'
import type { Happening } from './happening.js'
import { createMachineClock, type MachineClock } from './machine-clock.js'
import { createRefreshLine, type RefreshLine } from './refresh-line.js'
import { createSharedChannel, type SharedChannel } from './shared-channel.js'
import { createSharedStore, type SharedStore } from './shared-store.js'
import { type Opening, openTab, type Tab } from './tab.js'
import { describeHappening } from './trace.js'
import type { Watch } from './watch.js'
import { watches } from './watches.js'

export interface WorldConfig {
  /** What the app sends its requests with. */
  client: ClientName
  tabs: number
  rotation: Rotation
  timing: RefreshTiming
  /** Whether each tab refreshes without any request as well. */
  isKeptFresh: boolean
  /** Whether the store compares and swaps in one step; if not, it tells of changes itself, as localStorage does. */
  hasReplace: boolean
  refreshTimeoutMs: number
  /** How long a message from tab to tab takes; left to chance where it is not given. */
  messageMs?: number
  /** Of all that the world leaves to chance. 0: everything takes 1 ms. */
  seed: number
}

/** A machine with its tabs, the servers behind it, and the watches of the invariants. */
export interface World {
  readonly config: WorldConfig
  readonly agenda: Agenda
  readonly clock: MachineClock
  readonly network: { isOnline: boolean }
  readonly server: AuthServer
  readonly line: RefreshLine
  readonly lock: FairLock
  readonly channel: SharedChannel
  readonly store: SharedStore
  /** One for each place that a tab can have; a tab that went is replaced by `open`. */
  readonly tabs: readonly Tab[]
  /** Those that went as well. */
  readonly everyTab: readonly Tab[]
  /** A store operation failed or was not answered in time: then tabs may disagree, each from its own memory. */
  readonly hadStoreTrouble: boolean
  /** Of a kind that is worse than a full disk, on which there is no record of what is spent. */
  readonly hadBadStoreTrouble: boolean
  readonly violations: readonly string[]
  /** `idle`: nobody does anything, and everything works. */
  phase: 'play' | 'idle' | 'last requests' | 'over'
  readonly trace: readonly string[]
  random(): number
  nextRequestId(): number
  hear(happening: Happening): void
  open(index: number, how?: Opening): void
  /** Another window, which is in nobody's way and goes by itself. */
  openPopup(): Tab
  goOffline(): void
  goOnline(): void
  /** Lets time pass, looks at every invariant, and throws with the story where one is broken. */
  pass(ms: number): Promise<void>
  /** Ends the run: everything works again, is used once more, is disposed of, and nothing is left. */
  finish(): Promise<void>
  report(violation: string): void
  /** Frees what the world itself holds. */
  close(): void
}

export function createWorld(given: Partial<WorldConfig> = {}): World {
  const config: WorldConfig = {
    client: 'axios',
    tabs: 1,
    rotation: 'strict',
    timing: 'any',
    isKeptFresh: false,
    hasReplace: true,
    refreshTimeoutMs: 10_000,
    seed: 0,
    ...given,
  }
  const random = createRandom(config.seed)
  const chance = createRandom(~config.seed)
  const latency = (mostMs: number): number => (config.seed === 0 ? 1 : Math.floor(chance() * (mostMs + 1)))

  const agenda = createAgenda()
  const clock = createMachineClock(agenda)
  const network = { isOnline: true }
  const server = createAuthServer(agenda, config.rotation)
  const violations: string[] = []
  const trace: string[] = []
  const everyTab: Tab[] = []
  const tabs: Tab[] = []
  let hadStoreTrouble = false
  let hadBadStoreTrouble = false
  let lastRequestId = 0

  const tabAt = (place: Place): Tab | undefined => everyTab.find((tab) => tab.place === place)
  const tabOf = (place: Place): Tab => tabAt(place) as Tab

  function hear(happening: Happening): void {
    trace.push(`${agenda.now} ${describeHappening(happening)}`)
    for (const watch of watching) watch.hear?.(happening)
  }

  function look(): void {
    for (const watch of watching) watch.look?.()
    if (violations.length > 0) throw new Error(`${violations.join('\n')}\n\n${trace.join('\n')}\n`)
  }

  const line = createRefreshLine(agenda, server, network, {
    sent: (call) => hear({ type: 'refresh-sent', tab: tabOf(call.place), call }),
    answered: (call) => hear({ type: 'refresh-answered', tab: tabOf(call.place), call }),
  })
  const lock = createFairLock(agenda, latency, (place) => hear({ type: 'robbed', tab: tabOf(place) }))
  const channel = createSharedChannel(agenda, (mostMs) => config.messageMs ?? latency(mostMs), {
    post: (place, message) => hear({ type: 'posted', tab: tabOf(place), message }),
    hear: (place, message, isForged) => hear({ type: 'heard', tab: tabOf(place), message, isForged }),
  })
  const store = createSharedStore(
    agenda,
    { latency, random: chance, hasReplace: config.hasReplace },
    (place, before, record) => hear({ type: 'committed', tab: tabAt(place), before, record }),
    (trouble) => {
      hadStoreTrouble = true
      hadBadStoreTrouble ||= trouble !== 'full'
    },
  )

  const report = (violation: string): void => void violations.push(violation)
  const onUnhandled = (reason: unknown): void => report(`4: unhandled rejection: ${reason}`)
  process.on('unhandledRejection', onUnhandled)

  const world: World = {
    config,
    agenda,
    clock,
    network,
    server,
    line,
    lock,
    channel,
    store,
    tabs,
    everyTab,
    violations,
    trace,
    phase: 'play',
    random,
    hear,
    get hadStoreTrouble() {
      return hadStoreTrouble
    },
    get hadBadStoreTrouble() {
      return hadBadStoreTrouble
    },
    nextRequestId: () => ++lastRequestId,
    open(index, how = {}) {
      const tab = openTab(world, `tab ${index}${'+'.repeat(everyTab.length - tabs.length)}`, how)
      everyTab.push(tab)
      tabs[index] = tab
    },
    openPopup() {
      const popup = openTab(world, `popup ${everyTab.length}`, {})
      everyTab.push(popup)
      return popup
    },
    goOffline() {
      network.isOnline = false
    },
    goOnline() {
      network.isOnline = true
      for (const tab of tabs) if (!tab.place.isGone && !tab.place.isFrozen) tab.networkIsBack()
    },
    async pass(ms) {
      await agenda.pass(ms)
      look()
    },
    finish: () => finishWorld(world),
    report,
    close() {
      process.off('unhandledRejection', onUnhandled)
      forgetLeftovers()
    },
  }
  const watching: Watch[] = watches.map((watch) => watch(world, report))
  for (let index = 0; index < config.tabs; index++) world.open(index)
  return world
}

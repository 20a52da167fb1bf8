import { type Clock, systemClock } from '../../src/core/clock.js'
import type { Environment } from '../../src/core/environment.js'
import { settled } from '../support/settled.js'

interface Leftover {
  what: string
  /** A listener goes when this aborts, be it a listener for that very event. */
  signal?: AbortSignal | undefined
}

/** What the library has put up in the page and not taken down: timers, listeners, channels. Each with where it comes from. */
const leftovers = new Map<unknown, Leftover>()
const openSessions = new Set<{ dispose(): void }>()

/** The line of the library that made the call, if it was the library. */
function callerInLibrary(): string | undefined {
  const { stackTraceLimit } = Error
  Error.stackTraceLimit = 3
  const line = new Error().stack?.split('\n')[3]
  Error.stackTraceLimit = stackTraceLimit
  return /\/src\/[\w/-]+\.ts:\d+/.exec(line ?? '')?.[0]
}

const watched = new WeakSet<object>()

/** In place, so that the test and the library still have the same object in hand. */
function watchClock(clock: Clock): void {
  if (watched.has(clock)) return
  watched.add(clock)
  const { after } = clock
  clock.after = (ms, callback) => {
    const from = callerInLibrary()
    if (from === undefined) return after(ms, callback)
    const key = {}
    leftovers.set(key, { what: `a timer of ${ms} ms from ${from}` })
    const cancel = after(ms, () => {
      leftovers.delete(key)
      callback()
    })
    return () => {
      leftovers.delete(key)
      cancel()
    }
  }
}

/** A page or a channel. */
function watchSource<T>(source: { listen(listener: T): () => void }): void {
  if (watched.has(source)) return
  watched.add(source)
  const listen = source.listen.bind(source)
  source.listen = (listener) => {
    const key = {}
    leftovers.set(key, { what: `a listener of a page or channel from ${callerInLibrary()}` })
    const stop = listen(listener)
    return () => {
      leftovers.delete(key)
      stop()
    }
  }
}

type Listen = EventTarget['addEventListener']

/** The class in which `target` gets its `addEventListener`, or itself where that is its own. */
function homeOf(target: EventTarget): EventTarget {
  let home = target
  while (!Object.hasOwn(home, 'addEventListener')) home = Object.getPrototypeOf(home)
  return home
}

function watchListeners(home: EventTarget): void {
  const { addEventListener, removeEventListener } = home
  const keys = new WeakMap<EventTarget, Map<unknown, Map<string, object>>>()
  /** The same for the same three, which is how listeners are told apart. */
  function keyOf(target: EventTarget, type: string, listener: unknown): object {
    const ofTarget = keys.get(target) ?? new Map<unknown, Map<string, object>>()
    const ofListener = ofTarget.get(listener) ?? new Map<string, object>()
    const key = ofListener.get(type) ?? {}
    keys.set(target, ofTarget.set(listener, ofListener.set(type, key)))
    return key
  }
  home.addEventListener = function (this: EventTarget | undefined, type, listener, options) {
    const target = this ?? home
    const from = callerInLibrary()
    if (from !== undefined) {
      const signal = type === 'abort' ? (target as AbortSignal) : Object(options).signal
      leftovers.set(keyOf(target, type, listener), { what: `a listener for "${type}" from ${from}`, signal })
    }
    addEventListener.call(target, type, listener, options)
  } as Listen
  home.removeEventListener = function (this: EventTarget | undefined, type, listener, options) {
    const target = this ?? home
    leftovers.delete(keyOf(target, type, listener))
    removeEventListener.call(target, type, listener, options)
  } as Listen
}

function watchChannels(): void {
  const Original = globalThis.BroadcastChannel
  globalThis.BroadcastChannel = class extends Original {
    constructor(name: string) {
      super(name)
      const from = callerInLibrary()
      if (from !== undefined) leftovers.set(this, { what: `a channel from ${from}` })
    }
    override close(): void {
      leftovers.delete(this)
      super.close()
    }
  }
}

/** To be called once in a test file, before its first test. */
export function watchLeftovers(): void {
  // All real timers are made by this one (test/source/imports.test.ts), and fake ones too.
  watchClock(systemClock)
  watchChannels()
  const targets: (EventTarget | undefined)[] = [
    new AbortController().signal,
    globalThis.document,
    globalThis.window && globalThis,
  ]
  const homes = new Set(targets.flatMap((target) => (target ? [homeOf(target)] : [])))
  for (const home of homes) watchListeners(home)
}

/** Those of random stories are left out: they watch their own, at every step. */
export function watchPlace({ clock, lifecycle, channel }: Environment): void {
  if (!('armed' in clock)) return
  watchClock(clock)
  watchSource(lifecycle)
  watchSource(channel)
}

/** Remembers a session until it is disposed of. */
export function rememberSession(session: { dispose(): void }): void {
  const { dispose } = session
  openSessions.add(session)
  session.dispose = () => {
    openSessions.delete(session)
    dispose()
  }
}

/** For tests that watch for themselves what is left, and in which tabs crash that never take anything down. */
export function forgetLeftovers(): void {
  openSessions.clear()
  leftovers.clear()
}

const pending = (): string[] =>
  [...leftovers.values()].flatMap(({ what, signal }) => (signal?.aborted ? [] : [what]))

/** Disposes of the sessions that are still open, and tells what they and those before them have left behind. */
export async function takeLeftovers(): Promise<string[]> {
  for (const session of [...openSessions]) session.dispose()
  // What was under way notices in its next turn, and a fake IndexedDB takes several.
  for (let turns = 0; turns < 50 && pending().length > 0; turns++) await settled(5)
  const found = pending()
  leftovers.clear()
  return found
}

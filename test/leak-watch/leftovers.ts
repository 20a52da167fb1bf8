import { type Clock, systemClock } from '../../src/core/clock.js'
import type { Environment } from '../../src/core/environment.js'
import { settled } from '../support/settled.js'

interface Leftover {
  what: string
  /** Where it was put up. To read its stack costs a hundred times what it costs to make one. */
  place: Error
  /** Counts whoever put it up: nobody but the library and its tests knows the thing. */
  isOurs?: true
  /** A listener goes when this aborts, be it a listener for that very event. */
  signal?: AbortSignal | undefined
}

/** What the library has put up in the page and not taken down: timers, listeners, channels. Each with where it comes from. */
const leftovers = new Map<unknown, Leftover>()
const openSessions = new Set<{ dispose(): void }>()

/** To be made by what stands in for the function that was called. */
function callPlace(): Error {
  const { stackTraceLimit } = Error
  Error.stackTraceLimit = 3
  const place = new Error()
  Error.stackTraceLimit = stackTraceLimit
  return place
}

/** The line of the library that made the call, if it was the library. */
const lineInLibrary = ({ stack = '' }: Error): string | undefined =>
  /\/src\/[\w/-]+\.ts:\d+/.exec(stack.split('\n')[3] ?? '')?.[0]

const watched = new WeakSet<object>()

/** In place, so that the test and the library still have the same object in hand. */
function watchClock(clock: Clock): void {
  if (watched.has(clock)) return
  watched.add(clock)
  const { after } = clock
  clock.after = (ms, callback) => {
    const key = {}
    leftovers.set(key, { what: `a timer of ${ms} ms`, place: callPlace() })
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
    leftovers.set(key, {
      what: 'a listener of a page or channel',
      place: callPlace(),
      isOurs: true,
    })
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
    const signal = type === 'abort' ? (target as AbortSignal) : Object(options).signal
    leftovers.set(keyOf(target, type, listener), {
      what: `a listener for "${type}"`,
      place: callPlace(),
      signal,
    })
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
      leftovers.set(this, { what: 'a channel', place: callPlace() })
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

/** What others than the library put up is their affair. */
function pending(): string[] {
  const found: string[] = []
  for (const [key, { what, place, isOurs, signal }] of leftovers) {
    const from = lineInLibrary(place)
    if (signal?.aborted || !(from || isOurs)) leftovers.delete(key)
    else found.push(`${what} from ${from}`)
  }
  return found
}

/** Disposes of the sessions that are still open, and tells what they and those before them have left behind. */
export async function takeLeftovers(): Promise<string[]> {
  for (const session of [...openSessions]) session.dispose()
  // What was under way notices in its next turn, and a fake IndexedDB takes several.
  for (let turns = 0; turns < 50 && pending().length > 0; turns++) await settled(5)
  const found = pending()
  leftovers.clear()
  return found
}

/** Where callbacks run: a tab that may be frozen (they wait for the thaw) or gone (they never run). */
export interface Place {
  isFrozen: boolean
  isGone: boolean
  /** Gone in good order: what it asked of the store is done. A tab that crashed leaves that to chance. */
  isClosed: boolean
  /** Loaded before the user asks for it: until it is shown it hears and says nothing. */
  isPrerendered: boolean
}

/** The world outside the tabs: the network, the servers, the browser's own process. */
export const outside: Place = { isFrozen: false, isGone: false, isClosed: false, isPrerendered: false }

/** Everything that is to happen later, in one order, on a time of its own that never jumps. */
export interface Agenda {
  readonly now: number
  after(ms: number, place: Place, callback: () => void): () => void
  /** Lets `ms` milliseconds pass, with every microtask done between one callback and the next. */
  pass(ms: number): Promise<void>
}

interface Entry {
  at: number
  place: Place
  callback: () => void
}

/** Every microtask that is queued, and what those queue: Node runs them all before an immediate. */
export const microtasksDone = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

export function createAgenda(): Agenda {
  /** In the order of their writing, which decides between those of one instant. */
  const entries = new Set<Entry>()
  let now = 0

  function next(until: number): Entry | undefined {
    let first: Entry | undefined
    for (const entry of entries) {
      if (entry.place.isGone) entries.delete(entry)
      else if (!entry.place.isFrozen && entry.at <= until && (!first || entry.at < first.at)) first = entry
    }
    return first
  }

  return {
    get now() {
      return now
    },
    after(ms, place, callback) {
      const entry = { at: now + ms, place, callback }
      entries.add(entry)
      return () => entries.delete(entry)
    },
    async pass(ms) {
      const until = now + ms
      await microtasksDone()
      for (let entry = next(until); entry; entry = next(until)) {
        entries.delete(entry)
        now = Math.max(now, entry.at)
        entry.callback()
        await microtasksDone()
      }
      now = until
    },
  }
}

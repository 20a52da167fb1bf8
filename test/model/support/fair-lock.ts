import type { Lock } from '../../../src/core/environment.js'
import { type Agenda, outside, type Place } from './agenda.js'

/** One lock for all tabs, first come first served. A crashed holder frees it at once, a frozen one is robbed in time. */
export interface FairLock {
  of(place: Place): Lock
  /** Who has it, and since when. */
  readonly holder: { readonly place: Place; readonly since: number } | undefined
  /** How many turns of that tab are waiting or under way. */
  turnsOf(place: Place): number
  /** The tab is gone, and its turns with it. */
  drop(place: Place): void
  /** A tab was frozen or thawed: see who is next. */
  stir(): void
}

interface Turn {
  place: Place
  since: number
  begin(): void
}

const robbedAfterMs = 12_000

export function createFairLock(
  agenda: Agenda,
  latency: (mostMs: number) => number,
  onRobbery: (robbed: Place) => void,
): FairLock {
  let queue: Turn[] = []
  let holder: Turn | undefined

  function next(): void {
    if (holder) {
      watchOver(holder)
      return
    }
    // A frozen waiter has left the queue, and is back with the thaw.
    const turn = queue.find(({ place }) => !place.isFrozen)
    if (!turn) return
    queue = queue.filter((other) => other !== turn)
    holder = turn
    turn.since = agenda.now
    agenda.after(latency(3), turn.place, turn.begin)
  }

  function watchOver(turn: Turn): void {
    if (!turn.place.isFrozen || queue.length === 0) return
    agenda.after(robbedAfterMs, outside, () => {
      if (holder !== turn || !turn.place.isFrozen) return
      holder = undefined
      onRobbery(turn.place)
      next()
    })
  }

  function letGo(turn: Turn): void {
    if (holder === turn) holder = undefined
    queue = queue.filter((other) => other !== turn)
    next()
  }

  return {
    of:
      (place) =>
      <T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> =>
        new Promise((resolve, reject) => {
          if (signal.aborted) return reject(signal.reason)
          const giveUp = (): void => {
            letGo(turn)
            reject(signal.reason)
          }
          const turn: Turn = {
            place,
            since: agenda.now,
            begin() {
              if (signal.aborted) return
              signal.removeEventListener('abort', giveUp)
              const result = work()
              result.then(
                () => letGo(turn),
                () => letGo(turn),
              )
              resolve(result)
            },
          }
          signal.addEventListener('abort', giveUp)
          queue.push(turn)
          next()
        }),
    get holder() {
      return holder
    },
    turnsOf: (place) => [holder, ...queue].filter((turn) => turn?.place === place).length,
    drop(place) {
      queue = queue.filter((turn) => turn.place !== place)
      if (holder?.place === place) holder = undefined
      next()
    },
    stir: next,
  }
}

import type { TokenStore } from '../../../src/core/token-store.js'
import { isSameVersion, type StoredTokens } from '../../../src/core/tokens.js'
import { type Agenda, outside, type Place } from './agenda.js'

/**
 * - `full`: takes no record, but lets go of one; with `writes-fail`, it does not do that either
 * - `slow`: late, but within the session's patience
 * - `stuck`: done after the session has given it up
 * - `late`: done after the session has given up the first reading, for which it has more patience
 * - `silent`: done, and the answer never comes
 */
export type StoreTrouble =
  | 'none'
  | 'fails'
  | 'reads-fail'
  | 'writes-fail'
  | 'full'
  | 'slow'
  | 'stuck'
  | 'late'
  | 'silent'

/** One record for all tabs. What one tab asks of it is done in the order it was asked. */
export interface SharedStore {
  of(place: Place): TokenStore
  /** What a tab's next operations come to. */
  trouble(place: Place, trouble: StoreTrouble): void
  listenersOf(place: Place): number
  /** Operations that the tab still waits for. */
  pendingOf(place: Place): number
  /** The user clears the site's data. */
  clear(): void
  readonly record: StoredTokens | null
}

/** The session's patience at its longest. */
const givenUpAfterMs = 5000
const delays: Partial<Record<StoreTrouble, number>> = { slow: 700, stuck: 3000, late: 7000 }

export function createSharedStore(
  agenda: Agenda,
  { latency, random, hasReplace }: { latency(mostMs: number): number; random(): number; hasReplace: boolean },
  onCommit: (by: Place, before: StoredTokens | null, record: StoredTokens | null) => void,
  onTrouble: (trouble: StoreTrouble) => void,
): SharedStore {
  let record: StoredTokens | null = null
  const troubles = new Map<Place, StoreTrouble>()
  const lastAt = new Map<Place, number>()
  const pending = new Map<Place, number>()
  const listeners = new Set<{ place: Place; changed: () => void }>()

  function commit(by: Place, next: StoredTokens | null): void {
    const before = record
    record = next && { ...next }
    onCommit(by, before, record)
    if (hasReplace) return
    for (const { place, changed } of listeners) if (place !== by) agenda.after(latency(10), place, changed)
  }

  function operate<T>(place: Place, kind: 'read' | 'write' | 'remove', effect: () => T): Promise<T> {
    const trouble = troubles.get(place) ?? 'none'
    const fails =
      trouble === 'fails' ||
      (trouble === 'full' && kind === 'write') ||
      trouble === (kind === 'read' ? 'reads-fail' : 'writes-fail')
    if (trouble !== 'none' && trouble !== 'slow') onTrouble(trouble)
    // What a crashing tab has asked for may still be done, or not.
    const outlivesCrash = random() < 0.5
    const at = Math.max(lastAt.get(place) ?? 0, agenda.now + (delays[trouble] ?? latency(5)))
    lastAt.set(place, at)
    const count = (by: number): unknown => pending.set(place, (pending.get(place) ?? 0) + by)
    count(1)
    return new Promise((resolve, reject) => {
      agenda.after(at - agenda.now, outside, () => {
        if (place.isGone && !place.isClosed && !outlivesCrash) return
        const value = fails ? undefined : effect()
        if (trouble === 'silent') return void agenda.after(givenUpAfterMs, place, () => count(-1))
        agenda.after(latency(2), place, () => {
          count(-1)
          if (fails) reject(new Error('the store is out of order'))
          else resolve(value as T)
        })
      })
    })
  }

  return {
    of: (place) => ({
      read: () => operate(place, 'read', () => record),
      write: (tokens) => operate(place, tokens ? 'write' : 'remove', () => commit(place, tokens)),
      ...(hasReplace && {
        replace: (expected: StoredTokens, next: StoredTokens | null) =>
          operate(place, next ? 'write' : 'remove', () => {
            const isReplaced = isSameVersion(record, expected)
            if (isReplaced) commit(place, next)
            return isReplaced
          }),
      }),
      ...(!hasReplace && {
        subscribe(changed: () => void) {
          const own = { place, changed }
          listeners.add(own)
          return () => listeners.delete(own)
        },
      }),
    }),
    trouble: (place, trouble) => troubles.set(place, trouble),
    listenersOf: (place) => [...listeners].filter((listener) => listener.place === place).length,
    pendingOf: (place) => pending.get(place) ?? 0,
    clear: () => commit(outside, null),
    get record() {
      return record
    },
  }
}

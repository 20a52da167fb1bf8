import { attempt } from './attempt.js'
import type { Clock } from './clock.js'
import { nameOf } from './errors.js'
import { ownFields } from './own-fields.js'
import { isSameRenewal, readStoredTokens, type StoredTokens } from './tokens.js'

/**
 * Where a session's one record lives, synchronously or not. What it gives back is never trusted.
 *
 * Tabs that share a store rely on `read` inside the lock seeing what another tab wrote before it let go.
 */
export interface TokenStore {
  read(): StoredTokens | null | Promise<StoredTokens | null>
  /** `null` when the user signs out or the session ends. */
  write(tokens: StoredTokens | null): void | Promise<void>
  /**
   * Writes `next` only if the store still holds `expected` (same session and generation), in one step; returns whether
   * it did. Without it, a read and a write are used.
   */
  replace?(expected: StoredTokens, next: StoredTokens | null): boolean | Promise<boolean>
  /** Calls back when another tab wrote; returns the removal. */
  subscribe?(changed: () => void): () => void
  /** Called once, when the session is disposed of. */
  close?(): void
}

/** Keeps the tokens in this page alone: a reload signs the user out, and no other tab shares the session. */
export function memoryStore(): TokenStore {
  let kept: StoredTokens | null = null
  return ownFields<TokenStore>({
    read: () => kept,
    write(tokens) {
      kept = tokens
    },
  })
}

/** `store.replace`, or the nearest thing for a store that has none. */
export async function replaceTokens(
  store: TokenStore,
  expected: StoredTokens,
  next: StoredTokens | null,
): Promise<boolean> {
  if (store.replace) return store.replace(expected, next)
  const found = readStoredTokens(await store.read())
  if (found === 'newer' || !isSameRenewal(found, expected)) return false
  await store.write(next)
  return true
}

/** A store behind a time limit, whose failures are told and never thrown: `undefined` stands for "could not". */
export interface GuardedStore {
  read(): Promise<StoredTokens | null | undefined>
  write(tokens: StoredTokens | null): Promise<true | undefined>
  replace(expected: StoredTokens, next: StoredTokens | null): Promise<boolean | undefined>
  subscribe(changed: () => void): () => void
  /** From here on nobody waits: what was asked for is still done, in its turn, and counts as done. */
  close(): void
}

export interface StoreFailure {
  operation: 'read' | 'write'
  reason: string
}

const storeTimeoutMs = 2000

export function guardStore(
  store: TokenStore,
  clock: Clock,
  onFailure: (failure: StoreFailure) => void,
): GuardedStore {
  let last: Promise<unknown> | undefined
  /** A reading that has not begun, and serves all who ask meanwhile. */
  let nextReading: Promise<StoredTokens | null | undefined> | undefined
  let isNewer = false
  let wasRead = false
  let isClosed = false
  /** Those who wait for an operation, to be let go when the store is closed. */
  const waiting = new Set<() => void>()
  let stopClock = (): void => {}

  /** One after the other, for stores may be slow; at once when idle, so that a sign-out is kept before the page goes. */
  function run<T>(
    operation: StoreFailure['operation'],
    work: () => T | Promise<T>,
    assumed?: T,
  ): Promise<T | undefined> {
    // Who reads from here on wants to see what comes of this.
    nextReading = undefined
    const bounded = (): Promise<T | undefined> =>
      new Promise((resolve) => {
        let isOver = false
        const settle = (value: T | undefined, reason?: string): void => {
          if (isOver) return
          isOver = true
          cancel()
          if (reason !== undefined) onFailure({ operation, reason })
          resolve(value)
        }
        const cancel = clock.after(storeTimeoutMs, () =>
          settle(undefined, `no answer in ${storeTimeoutMs} ms`),
        )
        stopClock = cancel
        if (isClosed) cancel()
        // Not what the error says: it may quote the record.
        const fail = (error: unknown): void => settle(undefined, nameOf(error))
        try {
          Promise.resolve(work()).then((value) => settle(value), fail)
        } catch (error) {
          fail(error)
        }
      })
    const result = last ? last.then(bounded) : bounded()
    last = result
    result.then(() => {
      if (last === result) last = undefined
    })
    return new Promise((resolve) => {
      const settle = (value: T | undefined): void => {
        waiting.delete(letGo)
        resolve(value)
      }
      const letGo = (): void => settle(assumed)
      waiting.add(letGo)
      result.then(settle)
      if (isClosed) letGo()
    })
  }

  async function read(): Promise<StoredTokens | null | undefined> {
    const value: unknown = await store.read()
    const tokens = readStoredTokens(value)
    isNewer = tokens === 'newer'
    if (tokens === null && value !== null && value !== undefined) {
      // Garbage that comes later is another script's doing: the tokens in hand are better.
      if (wasRead) return undefined
      await store.write(null)
    }
    wasRead = true
    return tokens === 'newer' ? null : tokens
  }

  function write(tokens: StoredTokens | null): void | Promise<void> {
    // The record of a newer version of this library is left alone. By IndexedDB's name for the like, as that is told.
    if (isNewer) throw Object.assign(new Error(), { name: 'VersionError' })
    return store.write(tokens)
  }

  return {
    read() {
      if (!last) return run('read', read)
      nextReading ??= run('read', () => {
        nextReading = undefined
        return read()
      })
      return nextReading
    },
    write: (tokens) => run('write', () => Promise.resolve(write(tokens)).then((): true => true), true),
    replace: (expected, next) => run('write', () => replaceTokens(store, expected, next), true),
    subscribe(changed) {
      const unsubscribe = attempt(() => store.subscribe?.(changed))
      return () => attempt(() => unsubscribe?.())
    },
    close() {
      isClosed = true
      stopClock()
      for (const letGo of waiting) letGo()
      attempt(() => store.close?.())
    },
  }
}

import { type Clock, waitFor } from './clock.js'
import { nameOf } from './errors.js'
import type { Emit } from './events.js'
import { ownFields } from './own-fields.js'
import { isSameVersion, readStoredTokens, type StoredTokens } from './tokens.js'

/**
 * Where a session's one record lives, synchronously or not. What it gives back is never trusted.
 *
 * Tabs that share a store rely on `read` inside the lock seeing what another tab wrote before it released the lock.
 */
export interface TokenStore {
  read(): StoredTokens | null | Promise<StoredTokens | null>
  /** `null` when the user signs out or the session ends. */
  write(tokens: StoredTokens | null): void | Promise<void>
  /**
   * Compare-and-set: writes `next` only if the store still holds `expected` (same session and generation), in one step;
   * returns whether it did. Without it, a read and a write are used.
   */
  replace?(expected: StoredTokens, next: StoredTokens | null): boolean | Promise<boolean>
  /** Calls back when another tab wrote; returns the removal. */
  subscribe?(changed: () => void): () => void
  /**
   * Whether what is written from now on outlives the browser. Called before the write of each sign-in; a store without it
   * takes no `remember: false`.
   */
  remember?(isRemembered: boolean): void
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

/**
 * A store behind a time limit, whose failures are emitted and never thrown: `undefined` stands for "could not". Nobody waits
 * for a store that let a limit pass until it answers again; what it is asked to write meanwhile is still done.
 */
export interface FailsafeStore {
  read(): Promise<StoredTokens | null | undefined>
  write(tokens: StoredTokens | null): Promise<true | undefined>
  compareAndSet(expected: StoredTokens, next: StoredTokens | null): Promise<boolean | undefined>
  /** Calls back when the store answers after it let a limit pass. */
  onAnswer(listener: () => void): void
}

const storeTimeoutMs = 2000
/** Until the first answer nobody knows whether there is a session: a store that is slow then is worth a longer wait. */
const firstReadTimeoutMs = 5000

/** @param signal ends all waits at once; what was asked for is still done */
export function createFailsafeStore(
  store: TokenStore,
  clock: Clock,
  signal: AbortSignal,
  emit: Emit,
): FailsafeStore {
  let last: Promise<unknown> | undefined
  /** A reading that has not begun yet, for all who ask meanwhile. */
  let queuedRead: Promise<StoredTokens | null | undefined> | undefined
  /** Whether a read found a record of ours, or none. */
  let hasRead = false
  /** Whether the store holds the record of a newer version of this library. */
  let isNewer = false
  let isFailing = false
  const timeout = Object.assign(new Error(), { name: 'TimeoutError' })
  /** What was asked for since an operation let its limit pass. */
  let stuck: Promise<void> | undefined
  let answered = (): void => {}
  /** The last write: the next one comes after it, however long it takes. */
  let writing = Promise.resolve<unknown>(undefined)

  function giveUp(work: Promise<unknown>): void {
    const own = work
      .catch(() => {})
      .then(() => {
        if (stuck !== own) return
        stuck = undefined
        answered()
      })
    stuck = own
  }

  /** One after the other, since stores may be slow; at once when idle, so that a sign-out is kept before the page goes. */
  function run<T>(operation: 'read' | 'write', work: () => T | Promise<T>): Promise<T | undefined> {
    queuedRead = undefined
    const start = async (): Promise<T> => work()
    const bounded = (): Promise<T | undefined> => {
      if (stuck) {
        writing = writing.then(start).catch(() => {})
        giveUp(Promise.all([stuck, writing]))
        return Promise.resolve(undefined)
      }
      const started = start()
      if (operation === 'write') writing = started.catch(() => {})
      const ms = operation === 'read' && !hasRead ? firstReadTimeoutMs : storeTimeoutMs
      return waitFor(started, { clock, signal, ms, onTimeout: () => timeout }).then(
        (value) => {
          isFailing = false
          return value
        },
        (error) => {
          // Nobody waits any more, and all that was asked for is still done in its turn.
          if (signal.aborted) return started.catch(() => undefined)
          // The error's name alone: its message may quote the record.
          if (!isFailing) emit({ type: 'store-failed', operation, reason: nameOf(error) })
          isFailing = true
          if (error === timeout) giveUp(started)
          return undefined
        },
      )
    }
    const result = last ? last.then(bounded) : bounded()
    last = result
    result.then(() => {
      if (last === result) last = undefined
    })
    return waitFor(result, { clock, signal }).catch(() => undefined)
  }

  async function read(): Promise<StoredTokens | null | undefined> {
    const value: unknown = await store.read()
    const tokens = readStoredTokens(value)
    if (tokens === null && (value ?? null) !== null) {
      // Garbage that comes later is another script's doing: the tokens in hand are better.
      if (hasRead) return undefined
      await store.write(null)
    }
    isNewer = tokens === 'newer'
    // A running page goes on with what it has in hand.
    if (tokens === 'newer') return hasRead ? undefined : null
    hasRead = true
    return tokens
  }

  /** The record of a newer version is left alone; the name is IndexedDB's for the like. */
  function demandOwnVersion(): void {
    if (isNewer) throw Object.assign(new Error(), { name: 'VersionError' })
  }

  async function compareAndSet(expected: StoredTokens, next: StoredTokens | null): Promise<boolean> {
    demandOwnVersion()
    if (store.replace) return store.replace(expected, next)
    const held = readStoredTokens(await store.read())
    if (held === 'newer' || !isSameVersion(held, expected)) return false
    await store.write(next)
    return true
  }

  return {
    read() {
      if (stuck) return Promise.resolve(undefined)
      if (!last) return run('read', read)
      queuedRead ??= run('read', () => {
        queuedRead = undefined
        return read()
      })
      return queuedRead
    },
    write: (tokens) =>
      run('write', async () => {
        demandOwnVersion()
        await store.write(tokens)
        return true as const
      }),
    compareAndSet: (expected, next) => run('write', () => compareAndSet(expected, next)),
    onAnswer(listener) {
      answered = listener
    },
  }
}

// @vitest-environment node
import { describe, expect, test, vi } from 'vitest'
import { guardStore, memoryStore, replaceTokens, type TokenStore } from '../../src/core/token-store.js'
import type { StoredTokens } from '../../src/core/tokens.js'
import { deferred } from '../support/deferred.js'
import { createManualClock } from '../support/manual-clock.js'
import { settled } from '../support/settled.js'
import { storedRecord } from '../support/stored-record.js'

const first = storedRecord()
const second = storedRecord({ generation: 2, accessToken: 'access-2' })

function setUp(store: Partial<TokenStore>) {
  const clock = createManualClock()
  const failures: unknown[] = []
  const whole: TokenStore = { ...memoryStore(), ...store }
  return { clock, failures, guarded: guardStore(whole, clock, (failure) => failures.push(failure)) }
}

describe('the memory store', () => {
  test('holds nothing at first, then what was written, then nothing again', () => {
    const store = memoryStore()
    expect(store.read()).toBeNull()
    store.write(first)
    expect(store.read()).toEqual(first)
    store.write(null)
    expect(store.read()).toBeNull()
  })

  test('shares nothing with another one', () => {
    memoryStore().write(first)
    expect(memoryStore().read()).toBeNull()
  })
})

describe('replacing tokens in a store without replace', () => {
  test('writes when the store holds what was expected', async () => {
    const store = memoryStore()
    store.write(first)
    expect(await replaceTokens(store, first, second)).toBe(true)
    expect(store.read()).toEqual(second)
    expect(await replaceTokens(store, second, null)).toBe(true)
    expect(store.read()).toBeNull()
  })

  test.each([
    ['another generation', second],
    ['another session', storedRecord({ session: 'session-2' })],
    ['nothing', null],
    ['the record of a newer version', { ...first, version: 2 } as unknown as StoredTokens],
  ])('leaves a store alone that holds %s', async (_, held) => {
    const store = memoryStore()
    store.write(held)
    expect(await replaceTokens(store, first, storedRecord({ generation: 5 }))).toBe(false)
    expect(store.read()).toEqual(held)
  })

  test('is left to the store where it has replace itself', async () => {
    const replace = vi.fn(() => true)
    const store = { ...memoryStore(), replace }
    expect(await replaceTokens(store, first, second)).toBe(true)
    expect(replace).toHaveBeenCalledWith(first, second)
    expect(store.read()).toBeNull()
  })
})

describe('a guarded store', () => {
  test.each([
    ['sync', memoryStore()],
    ['async', asyncStore()],
  ])('passes a %s store on', async (_, store) => {
    const { guarded, failures, clock } = setUp(store)
    expect(await guarded.read()).toBeNull()
    expect(await guarded.write(first)).toBe(true)
    expect(await guarded.read()).toEqual(first)
    expect(await guarded.replace(first, second)).toBe(true)
    expect(await guarded.replace(first, second)).toBe(false)
    expect(await guarded.write(null)).toBe(true)
    expect(await guarded.read()).toBeNull()
    expect(failures).toEqual([])
    expect(clock.armed).toEqual([])
  })

  test('is asked at once when idle, so that a sign-out is kept before the page goes', () => {
    const write = vi.fn()
    const { guarded } = setUp({ write })
    void guarded.write(null)
    expect(write).toHaveBeenCalledTimes(1)
  })

  test('is asked one thing after the other', async () => {
    const reading = deferred<StoredTokens | null>()
    const write = vi.fn()
    const { guarded } = setUp({ read: () => reading.promise, write })
    const read = guarded.read()
    const written = guarded.write(first)
    await settled()
    expect(write).not.toHaveBeenCalled()
    reading.resolve(second)
    expect(await read).toEqual(second)
    expect(await written).toBe(true)
    expect(write).toHaveBeenCalledExactlyOnceWith(first)
  })

  test('is asked the third thing after the second, though the first is done', async () => {
    const writings = [deferred<void>(), deferred<void>(), deferred<void>()] as const
    const asked: unknown[] = []
    const { guarded } = setUp({ write: (tokens) => writings[asked.push(tokens) - 1]?.promise })
    const [one, two] = [guarded.write(first), guarded.write(second)]
    writings[0].resolve()
    await one
    await settled()
    const three = guarded.write(null)
    await settled()
    expect(asked).toEqual([first, second])
    writings[1].resolve()
    await two
    await settled()
    expect(asked).toEqual([first, second, null])
    writings[2].resolve()
    expect(await three).toBe(true)
  })

  test('calls a store as its own method', async () => {
    class OwnStore implements TokenStore {
      kept: StoredTokens | null = null
      read() {
        return this.kept
      }
      write(tokens: StoredTokens | null) {
        this.kept = tokens
      }
    }
    const guarded = guardStore(new OwnStore(), createManualClock(), () => {})
    expect(await guarded.write(first)).toBe(true)
    expect(await guarded.read()).toEqual(first)
  })
})

const fullError = new DOMException('the quota has been exceeded', 'QuotaExceededError')
const fail = (error: unknown) => () => {
  throw error
}

describe.each([
  ['throws', fail(fullError)],
  ['rejects', () => Promise.reject(fullError)],
])('a store that %s', (_, failing: () => never | Promise<never>) => {
  test('"could not", and that is told once per operation, by the name of the error', async () => {
    const { guarded, failures, clock } = setUp({ read: failing, write: failing, replace: failing })
    expect(await guarded.read()).toBeUndefined()
    expect(await guarded.write(first)).toBeUndefined()
    expect(await guarded.replace(first, second)).toBeUndefined()
    expect(failures).toEqual([
      { operation: 'read', reason: 'QuotaExceededError' },
      { operation: 'write', reason: 'QuotaExceededError' },
      { operation: 'write', reason: 'QuotaExceededError' },
    ])
    expect(clock.armed).toEqual([])
  })

  test('while something else is under way: that is told in its turn', async () => {
    const writing = deferred<void>()
    const { guarded, failures } = setUp({ read: failing, write: () => writing.promise })
    const written = guarded.write(first)
    const read = guarded.read()
    writing.resolve()
    expect([await written, await read]).toEqual([true, undefined])
    expect(failures).toEqual([{ operation: 'read', reason: 'QuotaExceededError' }])
  })

  test('is asked again the next time', async () => {
    const read = vi.fn(failing)
    const { guarded } = setUp({ read })
    await guarded.read()
    await guarded.read()
    expect(read).toHaveBeenCalledTimes(2)
  })
})

describe('a store that hangs', () => {
  const hang = () => new Promise<never>(() => {})

  test('"could not" after two seconds', async () => {
    const { guarded, failures, clock } = setUp({ read: hang })
    const read = guarded.read()
    await clock.advance(1999)
    expect(failures).toEqual([])
    await clock.advance(1)
    expect(await read).toBeUndefined()
    expect(failures).toEqual([{ operation: 'read', reason: 'no answer in 2000 ms' }])
    expect(clock.armed).toEqual([])
  })

  test('keeps what comes after it waiting for two seconds, not for good', async () => {
    const { guarded, clock } = setUp({ read: hang })
    void guarded.read()
    const written = guarded.write(first)
    await clock.advance(2000)
    expect(await written).toBe(true)
  })

  test('and fails after all is told once', async () => {
    const writing = deferred<void>()
    const { guarded, failures, clock } = setUp({ write: () => writing.promise })
    const written = guarded.write(first)
    await clock.advance(2000)
    expect(await written).toBeUndefined()
    writing.reject(fullError)
    await settled()
    expect(failures).toEqual([{ operation: 'write', reason: 'no answer in 2000 ms' }])
  })
})

describe('what a store throws that is no error', () => {
  const token = 'SECRET-TOKEN'

  test.each([
    ['a string that quotes the record', `cannot keep {"accessToken":"${token}"}`],
    ['an object', { token }],
    ['an object that cannot become a string', Object.create(null)],
    ['a symbol', Symbol(token)],
    ['undefined', undefined],
  ])('%s: told without what it says', async (_, thrown) => {
    const { guarded, failures } = setUp({ read: fail(thrown), write: () => Promise.reject(thrown) })
    expect(await guarded.read()).toBeUndefined()
    expect(await guarded.write(first)).toBeUndefined()
    expect(failures).toHaveLength(2)
    expect(JSON.stringify(failures)).not.toContain(token)
  })
})

describe('garbage in the store', () => {
  test.each([
    ['a string', 'garbage'],
    ['a number', 0],
    ['a record without a session', { version: 1, accessToken: 'access-1' }],
    ['a record with an access token that would break a header', { ...first, accessToken: 'a\r\nb' }],
  ])('%s reads as nothing, and is thrown away', async (_, garbage) => {
    const write = vi.fn()
    const { guarded, failures } = setUp({ read: () => garbage as never, write })
    expect(await guarded.read()).toBeNull()
    expect(write).toHaveBeenCalledExactlyOnceWith(null)
    expect(failures).toEqual([])
  })

  test('nothing is not thrown away', async () => {
    const write = vi.fn()
    const { guarded } = setUp({ read: () => undefined as never, write })
    expect(await guarded.read()).toBeNull()
    expect(write).not.toHaveBeenCalled()
  })

  test('an object whose fields throw when read counts as a failure', async () => {
    const hostile = Object.defineProperty({}, 'version', {
      enumerable: true,
      get: fail(new RangeError('mine')),
    })
    const { guarded, failures } = setUp({ read: () => hostile as never })
    expect(await guarded.read()).toBeUndefined()
    expect(failures).toEqual([{ operation: 'read', reason: 'RangeError' }])
  })

  test('what the store does to its object later does not reach what was read', async () => {
    const kept = { ...first }
    const { guarded } = setUp({ read: () => kept })
    const read = await guarded.read()
    kept.accessToken = 'changed'
    expect(read?.accessToken).toBe('access-1')
  })
})

describe('the record of a newer version of this library', () => {
  const newer = { version: 2, sealed: 'bytes' } as never

  test('reads as nothing, and is never overwritten', async () => {
    const write = vi.fn()
    const { guarded, failures } = setUp({ read: () => newer, write })
    expect(await guarded.read()).toBeNull()
    expect(await guarded.write(first)).toBeUndefined()
    expect(await guarded.write(null)).toBeUndefined()
    expect(await guarded.replace(first, second)).toBe(false)
    expect(write).not.toHaveBeenCalled()
    expect(failures).toEqual(Array(2).fill({ operation: 'write', reason: 'VersionError' }))
  })

  test('may be written over once it is gone', async () => {
    let held: StoredTokens | null = newer
    const write = vi.fn()
    const { guarded } = setUp({ read: () => held, write })
    await guarded.read()
    held = null
    await guarded.read()
    expect(await guarded.write(first)).toBe(true)
  })
})

function asyncStore(): TokenStore {
  const store = memoryStore()
  return { read: async () => store.read(), write: async (tokens) => store.write(tokens) }
}

describe('closing', () => {
  test('lets those go who wait for the store, and leaves no timer', async () => {
    const close = vi.fn()
    const { guarded, clock, failures } = setUp({ read: () => new Promise(() => {}), close })
    const reading = guarded.read()
    const queued = guarded.write(first)
    guarded.close()
    expect(await reading).toBeUndefined()
    expect(await queued).toBe(true)
    expect(clock.armed).toEqual([])
    expect(failures).toEqual([])
    expect(close).toHaveBeenCalledTimes(1)
  })

  test('stops no writing: all is done in its turn, and counts as done, so that nothing is done about it', async () => {
    const written = deferred<void>()
    const write = vi.fn(() => written.promise)
    const { guarded, clock } = setUp({ write })
    const [one, two] = [guarded.write(first), guarded.write(null)]
    guarded.close()
    expect([await one, await two]).toEqual([true, true])
    expect(write.mock.calls).toEqual([[first]])
    written.reject(new Error('too late'))
    await settled()
    expect(write.mock.calls).toEqual([[first], [null]])
    expect(clock.armed).toEqual([])
  })

  test('what is asked of a closed store is done without a wait', async () => {
    const store = memoryStore()
    const { guarded, clock } = setUp(store)
    guarded.close()
    expect(await guarded.write(first)).toBe(true)
    expect(store.read()).toEqual(first)
    expect(clock.armed).toEqual([])
  })

  test('nobody waits for a store that is closed and does not answer', async () => {
    const hang = () => new Promise<never>(() => {})
    const { guarded, clock, failures } = setUp({ read: hang, write: hang, replace: hang })
    guarded.close()
    expect(await guarded.replace(first, second)).toBe(true)
    expect(await guarded.write(null)).toBe(true)
    expect(await guarded.read()).toBeUndefined()
    await clock.advance(10_000)
    expect(clock.armed).toEqual([])
    expect(failures).toEqual([])
  })
})

describe('readings', () => {
  test('that wait for the same turn are one', async () => {
    const read = vi.fn(() => null)
    const { guarded } = setUp({ read })
    await Promise.all([guarded.read(), guarded.read(), guarded.read(), guarded.read()])
    expect(read).toHaveBeenCalledTimes(2)
  })

  test('after a writing are not those before it', async () => {
    const store = memoryStore()
    const { guarded } = setUp(store)
    const before = [guarded.read(), guarded.read()]
    const write = guarded.write(first)
    const after = guarded.read()
    expect(await Promise.all(before)).toEqual([null, null])
    await write
    expect(await after).toEqual(first)
  })

  test('of a store that is idle again are asked at once', async () => {
    const read = vi.fn(() => null)
    const { guarded } = setUp({ read })
    await guarded.read()
    await settled()
    void guarded.read()
    expect(read).toHaveBeenCalledTimes(2)
  })
})

describe('garbage', () => {
  test('at first is thrown away; what comes later is not believed, and left where it is', async () => {
    let kept: unknown = 'garbage'
    const write = vi.fn((tokens: StoredTokens | null) => {
      kept = tokens
    })
    const { guarded } = setUp({ read: () => kept as StoredTokens, write })
    expect(await guarded.read()).toBeNull()
    expect(write.mock.calls).toEqual([[null]])
    kept = 'more garbage'
    expect(await guarded.read()).toBeUndefined()
    expect(write).toHaveBeenCalledTimes(1)
  })
})

describe('a store that can be watched', () => {
  test('is watched, and no longer than wanted', () => {
    const listeners = new Set<() => void>()
    const { guarded } = setUp({
      subscribe(changed) {
        listeners.add(changed)
        return () => listeners.delete(changed)
      },
    })
    const changed = vi.fn()
    const stop = guarded.subscribe(changed)
    for (const listener of listeners) listener()
    expect(changed).toHaveBeenCalledTimes(1)
    stop()
    expect(listeners.size).toBe(0)
  })

  test('or cannot, or throws: no harm is done', () => {
    const fail = (): never => {
      throw new Error('no')
    }
    expect(() => setUp({}).guarded.subscribe(() => {})()).not.toThrow()
    expect(() => setUp({ subscribe: fail }).guarded.subscribe(() => {})()).not.toThrow()
    expect(() => setUp({ subscribe: () => fail }).guarded.subscribe(() => {})()).not.toThrow()
    expect(() => setUp({ close: fail }).guarded.close()).not.toThrow()
    expect(() => setUp({}).guarded.close()).not.toThrow()
  })
})

test('the record of a newer version is not replaced', async () => {
  const newer = { ...first, version: 2 } as unknown as StoredTokens
  const write = vi.fn()
  expect(await replaceTokens({ read: () => newer, write }, first, second)).toBe(false)
  expect(write).not.toHaveBeenCalled()
})

// @vitest-environment node
import { describe, expect, test, vi } from 'vitest'
import type { EventBody } from '../../src/core/events.js'
import {
  createFailsafeStore,
  type FailsafeStore,
  memoryStore,
  type TokenStore,
} from '../../src/core/token-store.js'
import type { StoredTokens } from '../../src/core/tokens.js'
import { type Deferred, deferred } from '../support/deferred.js'
import { createManualClock } from '../support/manual-clock.js'
import { settled } from '../support/settled.js'
import { storedRecord } from '../support/stored-record.js'

const first = storedRecord()
const second = storedRecord({ generation: 2, accessToken: 'access-2' })

function setUp(store: Partial<TokenStore>) {
  const clock = createManualClock()
  const failures: EventBody[] = []
  const over = new AbortController()
  const whole: TokenStore = { ...memoryStore(), ...store }
  const failsafe = createFailsafeStore(whole, clock, over.signal, (event) => failures.push(event))
  return { clock, failures, failsafe, close: () => over.abort() }
}

const failed = (operation: 'read' | 'write', reason: string): EventBody => ({
  type: 'store-failed',
  operation,
  reason,
})

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

describe('comparing and setting in a store without replace', () => {
  test('writes when the store holds what was expected', async () => {
    const store = memoryStore()
    store.write(first)
    const { failsafe } = setUp(store)
    expect(await failsafe.compareAndSet(first, second)).toBe(true)
    expect(store.read()).toEqual(second)
    expect(await failsafe.compareAndSet(second, null)).toBe(true)
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
    const write = vi.spyOn(store, 'write')
    const { failsafe, failures } = setUp(store)
    expect(await failsafe.compareAndSet(first, storedRecord({ generation: 5 }))).toBe(false)
    expect(store.read()).toEqual(held)
    expect(write).not.toHaveBeenCalled()
    expect(failures).toEqual([])
  })

  test('is left to the store where it has replace itself', async () => {
    const replace = vi.fn(() => true)
    const store = { ...memoryStore(), replace }
    expect(await setUp(store).failsafe.compareAndSet(first, second)).toBe(true)
    expect(replace).toHaveBeenCalledWith(first, second)
    expect(store.read()).toBeNull()
  })
})

describe('a failsafe store', () => {
  test.each([
    ['sync', memoryStore()],
    ['async', asyncStore()],
  ])('passes a %s store on', async (_, store) => {
    const { failsafe, failures, clock } = setUp(store)
    expect(await failsafe.read()).toBeNull()
    expect(await failsafe.write(first)).toBe(true)
    expect(await failsafe.read()).toEqual(first)
    expect(await failsafe.compareAndSet(first, second)).toBe(true)
    expect(await failsafe.compareAndSet(first, second)).toBe(false)
    expect(await failsafe.write(null)).toBe(true)
    expect(await failsafe.read()).toBeNull()
    expect(failures).toEqual([])
    expect(clock.armed).toEqual([])
  })

  test('is asked at once when idle, so that a sign-out is kept before the page goes', () => {
    const write = vi.fn()
    const { failsafe } = setUp({ write })
    void failsafe.write(null)
    expect(write).toHaveBeenCalledTimes(1)
  })

  test('is asked one thing after the other', async () => {
    const reading = deferred<StoredTokens | null>()
    const write = vi.fn()
    const { failsafe } = setUp({ read: () => reading.promise, write })
    const read = failsafe.read()
    const written = failsafe.write(first)
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
    const { failsafe } = setUp({ write: (tokens) => writings[asked.push(tokens) - 1]?.promise })
    const [one, two] = [failsafe.write(first), failsafe.write(second)]
    writings[0].resolve()
    await one
    await settled()
    const three = failsafe.write(null)
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
    const { signal } = new AbortController()
    const failsafe = createFailsafeStore(new OwnStore(), createManualClock(), signal, () => {})
    expect(await failsafe.write(first)).toBe(true)
    expect(await failsafe.read()).toEqual(first)
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
  test('"could not", and that is emitted once, by the name of the error', async () => {
    const { failsafe, failures, clock } = setUp({ read: failing, write: failing, replace: failing })
    expect(await failsafe.read()).toBeUndefined()
    expect(await failsafe.write(first)).toBeUndefined()
    expect(await failsafe.compareAndSet(first, second)).toBeUndefined()
    expect(failures).toEqual([failed('read', 'QuotaExceededError')])
    expect(clock.armed).toEqual([])
  })

  test.each([
    ['a read', (failsafe: FailsafeStore) => failsafe.read(), failed('read', 'QuotaExceededError')],
    ['a write', (failsafe: FailsafeStore) => failsafe.write(first), failed('write', 'QuotaExceededError')],
    [
      'a compare-and-set',
      (failsafe: FailsafeStore) => failsafe.compareAndSet(first, second),
      failed('write', 'QuotaExceededError'),
    ],
  ])('%s is emitted by the operation', async (_, operate, failure) => {
    const { failsafe, failures } = setUp({ read: failing, write: failing, replace: failing })
    expect(await operate(failsafe)).toBeUndefined()
    expect(failures).toEqual([failure])
  })

  test('is emitted again when the store has worked meanwhile', async () => {
    const { failsafe, failures } = setUp({ write: failing })
    await failsafe.write(first)
    await failsafe.write(first)
    expect(failures).toHaveLength(1)
    expect(await failsafe.read()).toBeNull()
    await failsafe.write(first)
    expect(failures).toEqual(Array(2).fill(failed('write', 'QuotaExceededError')))
  })

  test('while something else is under way is emitted in its turn', async () => {
    const writing = deferred<void>()
    const { failsafe, failures } = setUp({ read: failing, write: () => writing.promise })
    const written = failsafe.write(first)
    const read = failsafe.read()
    await settled()
    expect(failures).toEqual([])
    writing.resolve()
    expect([await written, await read]).toEqual([true, undefined])
    expect(failures).toEqual([failed('read', 'QuotaExceededError')])
  })

  test('is asked again the next time', async () => {
    const read = vi.fn(failing)
    const { failsafe } = setUp({ read })
    await failsafe.read()
    await failsafe.read()
    expect(read).toHaveBeenCalledTimes(2)
  })
})

describe('a store that hangs', () => {
  const hang = () => new Promise<never>(() => {})

  test.each([
    ['five seconds for the first answer', 5000, 0],
    ['two seconds later on', 2000, 1],
  ])('"could not" after %s', async (_, limitMs, answers) => {
    let left = answers
    const { failsafe, failures, clock } = setUp({ read: () => (left-- > 0 ? null : hang()) })
    for (let n = 0; n < answers; n++) await failsafe.read()
    const read = failsafe.read()
    await clock.advance(limitMs - 1)
    expect(failures).toEqual([])
    await clock.advance(1)
    expect(await read).toBeUndefined()
    expect(failures).toEqual([failed('read', 'TimeoutError')])
    expect(clock.armed).toEqual([])
  })

  test('is given up: a write behind a reading is done at its limit, and nobody waits for it', async () => {
    const write = vi.fn()
    const { failsafe, clock } = setUp({ read: hang, write })
    void failsafe.read()
    const written = failsafe.write(first)
    await clock.advance(5000)
    expect(await written).toBeUndefined()
    expect(write).toHaveBeenCalledExactlyOnceWith(first)
    const read = failsafe.read()
    expect(await failsafe.write(second)).toBeUndefined()
    expect(await read).toBeUndefined()
    expect(write).toHaveBeenLastCalledWith(second)
    expect(clock.armed).toEqual([])
  })

  test('is given up until it answers: writes are done one after the other, and then it is asked again', async () => {
    const writings: Deferred<void>[] = []
    const write = vi.fn(() => {
      const writing = deferred<void>()
      writings.push(writing)
      return writing.promise
    })
    const { failsafe, clock } = setUp({ write })
    const answered = vi.fn()
    failsafe.onAnswer(answered)
    void failsafe.write(first)
    await clock.advance(2000)
    expect(await failsafe.write(second)).toBeUndefined()
    await settled()
    expect(write).toHaveBeenCalledTimes(1)
    writings[0]?.resolve()
    await settled()
    expect(write).toHaveBeenLastCalledWith(second)
    expect(answered).not.toHaveBeenCalled()
    writings[1]?.resolve()
    await settled()
    expect(answered).toHaveBeenCalledTimes(1)
    const again = failsafe.write(first)
    await settled()
    writings[2]?.resolve()
    expect(await again).toBe(true)
  })

  test('and fails after all is emitted once', async () => {
    const writing = deferred<void>()
    const { failsafe, failures, clock } = setUp({ write: () => writing.promise })
    const written = failsafe.write(first)
    await clock.advance(2000)
    expect(await written).toBeUndefined()
    writing.reject(fullError)
    await settled()
    expect(failures).toEqual([failed('write', 'TimeoutError')])
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
  ])('%s: emitted without what it says', async (_, thrown) => {
    for (const read of [fail(thrown), () => Promise.reject(thrown)]) {
      const { failsafe, failures } = setUp({ read })
      expect(await failsafe.read()).toBeUndefined()
      expect(failures).toEqual([failed('read', typeof thrown)])
      expect(JSON.stringify(failures)).not.toContain(token)
    }
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
    const { failsafe, failures } = setUp({ read: () => garbage as never, write })
    expect(await failsafe.read()).toBeNull()
    expect(write).toHaveBeenCalledExactlyOnceWith(null)
    expect(failures).toEqual([])
  })

  test('nothing is not thrown away', async () => {
    const write = vi.fn()
    const { failsafe } = setUp({ read: () => undefined as never, write })
    expect(await failsafe.read()).toBeNull()
    expect(write).not.toHaveBeenCalled()
  })

  test('an object whose fields throw when read counts as a failure', async () => {
    const hostile = Object.defineProperty({}, 'version', {
      enumerable: true,
      get: fail(new RangeError('mine')),
    })
    const { failsafe, failures } = setUp({ read: () => hostile as never })
    expect(await failsafe.read()).toBeUndefined()
    expect(failures).toEqual([failed('read', 'RangeError')])
  })

  test('what the store does to its object later does not reach what was read', async () => {
    const kept = { ...first }
    const { failsafe } = setUp({ read: () => kept })
    const read = await failsafe.read()
    kept.accessToken = 'changed'
    expect(read?.accessToken).toBe('access-1')
  })
})

describe('the record of a newer version of this library', () => {
  const newer = { version: 2, sealed: 'bytes' } as never

  test('reads as nothing, and is never overwritten', async () => {
    const write = vi.fn()
    const { failsafe, failures } = setUp({ read: () => newer, write })
    expect(await failsafe.read()).toBeNull()
    expect(await failsafe.write(first)).toBeUndefined()
    expect(await failsafe.write(null)).toBeUndefined()
    expect(await failsafe.compareAndSet(first, second)).toBeUndefined()
    expect(write).not.toHaveBeenCalled()
    expect(failures).toEqual([failed('write', 'VersionError')])
  })

  test('may be written over once it is gone', async () => {
    let held: StoredTokens | null = newer
    const write = vi.fn()
    const { failsafe } = setUp({ read: () => held, write })
    await failsafe.read()
    held = null
    await failsafe.read()
    expect(await failsafe.write(first)).toBe(true)
  })
})

function asyncStore(): TokenStore {
  const store = memoryStore()
  return { read: async () => store.read(), write: async (tokens) => store.write(tokens) }
}

describe('once the session object is over', () => {
  const hang = () => new Promise<never>(() => {})

  test('nobody waits for the store any more, and no timer is left', async () => {
    const { failsafe, clock, failures, close } = setUp({ read: hang })
    const reading = failsafe.read()
    const queued = failsafe.write(first)
    close()
    expect(await reading).toBeUndefined()
    expect(await queued).toBeUndefined()
    expect(clock.armed).toEqual([])
    expect(failures).toEqual([])
  })

  test('all that was asked for is still done, in its turn', async () => {
    const written = deferred<void>()
    const write = vi.fn(() => written.promise)
    const { failsafe, clock, failures, close } = setUp({ write })
    const [one, two] = [failsafe.write(first), failsafe.write(null)]
    close()
    expect([await one, await two]).toEqual([undefined, undefined])
    await settled()
    expect(write.mock.calls).toEqual([[first]])
    written.reject(new Error('too late'))
    await settled()
    expect(write.mock.calls).toEqual([[first], [null]])
    expect(failures).toEqual([])
    expect(clock.armed).toEqual([])
  })

  test('what is asked for is done without a wait', async () => {
    const store = memoryStore()
    const { failsafe, clock, close } = setUp(store)
    close()
    const written = failsafe.write(first)
    expect(store.read()).toEqual(first)
    expect(await written).toBeUndefined()
    expect(clock.armed).toEqual([])
  })

  test('nobody waits for a store that does not answer', async () => {
    const { failsafe, clock, failures, close } = setUp({ read: hang, write: hang, replace: hang })
    close()
    expect(await failsafe.compareAndSet(first, second)).toBeUndefined()
    expect(await failsafe.write(null)).toBeUndefined()
    expect(await failsafe.read()).toBeUndefined()
    await clock.advance(10_000)
    expect(clock.armed).toEqual([])
    expect(failures).toEqual([])
  })

  test("a failure is nobody's business", async () => {
    const { failsafe, failures, close } = setUp({ write: fail(fullError) })
    close()
    await failsafe.write(first)
    await settled()
    expect(failures).toEqual([])
  })
})

describe('readings', () => {
  test('that wait for the same turn are one', async () => {
    const read = vi.fn(() => null)
    const { failsafe } = setUp({ read })
    await Promise.all([failsafe.read(), failsafe.read(), failsafe.read(), failsafe.read()])
    expect(read).toHaveBeenCalledTimes(2)
  })

  test('that have begun are not shared: what was written since then is not in them', async () => {
    const readings = [deferred<null>(), deferred<null>(), deferred<StoredTokens>()] as const
    const read = vi.fn(() => readings[read.mock.calls.length - 1]?.promise ?? null)
    const { failsafe } = setUp({ read })
    const [one, two] = [failsafe.read(), failsafe.read()]
    readings[0].resolve(null)
    await one
    await settled()
    expect(read).toHaveBeenCalledTimes(2)
    const three = failsafe.read()
    readings[1].resolve(null)
    readings[2].resolve(first)
    expect(await two).toBeNull()
    expect(await three).toEqual(first)
  })

  test('after a writing are not those before it', async () => {
    const store = memoryStore()
    const { failsafe } = setUp(store)
    const before = [failsafe.read(), failsafe.read()]
    const write = failsafe.write(first)
    const after = failsafe.read()
    expect(await Promise.all(before)).toEqual([null, null])
    await write
    expect(await after).toEqual(first)
  })

  test('of a store that is idle again are asked at once', async () => {
    const read = vi.fn(() => null)
    const { failsafe } = setUp({ read })
    await failsafe.read()
    await settled()
    void failsafe.read()
    expect(read).toHaveBeenCalledTimes(2)
  })
})

describe('garbage', () => {
  test('at first is thrown away; what comes later is not believed, and left where it is', async () => {
    let kept: unknown = 'garbage'
    const write = vi.fn((tokens: StoredTokens | null) => {
      kept = tokens
    })
    const { failsafe } = setUp({ read: () => kept as StoredTokens, write })
    expect(await failsafe.read()).toBeNull()
    expect(write.mock.calls).toEqual([[null]])
    kept = 'more garbage'
    expect(await failsafe.read()).toBeUndefined()
    expect(write).toHaveBeenCalledTimes(1)
  })
})

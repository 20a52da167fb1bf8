// @vitest-environment node
import { describe, expect, test, vi } from 'vitest'
import { fallbackStore } from '../../src/browser/fallback-store.js'
import { memoryStore, type TokenStore } from '../../src/core/token-store.js'
import { storedRecord } from '../support/stored-record.js'

const broken = (error: unknown): TokenStore => ({
  read: () => {
    throw error
  },
  write: () => {
    throw error
  },
})

test('the first store that can be read serves, and nothing is told', async () => {
  const [one, two] = [memoryStore(), memoryStore()]
  const onFallback = vi.fn()
  const store = fallbackStore([one, two], onFallback)
  await store.write(storedRecord())
  expect(await store.read()).toEqual(storedRecord())
  expect(one.read()).toEqual(storedRecord())
  expect(two.read()).toBeNull()
  expect(onFallback).not.toHaveBeenCalled()
})

test('each store that cannot be read is told of by the name of its error, once, and passed over', async () => {
  const last = memoryStore()
  const onFallback = vi.fn()
  const store = fallbackStore(
    [
      broken(new DOMException('denied', 'SecurityError')),
      { ...memoryStore(), read: () => Promise.reject(new TypeError('gone')) },
      last,
    ],
    onFallback,
  )
  await store.write(storedRecord())
  expect(await store.read()).toEqual(storedRecord())
  await store.write(null)
  expect(last.read()).toBeNull()
  expect(onFallback.mock.calls).toEqual([['SecurityError'], ['TypeError']])
})

test('what a store throws that is no error is told without what it says', async () => {
  const onFallback = vi.fn()
  await fallbackStore([broken('SECRET-token'), broken(Object.create(null)), memoryStore()], onFallback).read()
  expect(onFallback).toHaveBeenCalledTimes(2)
  expect(JSON.stringify(onFallback.mock.calls)).not.toContain('SECRET')
})

test('the choice stays: a store that fails later is not swapped in mid-session', async () => {
  const one = memoryStore()
  const store = fallbackStore([one, memoryStore()], () => {})
  await store.read()
  one.write = () => {
    throw new Error('full')
  }
  await expect(Promise.resolve(store.write(storedRecord()))).rejects.toThrow('full')
})

test('no store is touched before it is needed', () => {
  const read = vi.fn(() => null)
  fallbackStore([{ ...memoryStore(), read }], () => {})
  expect(read).not.toHaveBeenCalled()
})

describe('replacing', () => {
  test('is left to the chosen store, with its own replace or without', async () => {
    const replace = vi.fn(() => true)
    expect(
      await fallbackStore([{ ...memoryStore(), replace }], () => {}).replace?.(storedRecord(), null),
    ).toBe(true)
    expect(replace).toHaveBeenCalledWith(storedRecord(), null)
    const bare = memoryStore()
    bare.write(storedRecord())
    expect(await fallbackStore([bare], () => {}).replace?.(storedRecord(), null)).toBe(true)
    expect(bare.read()).toBeNull()
  })
})

test('who asks first gets the reading that chose the store, and it is read once', async () => {
  const read = vi.fn(() => storedRecord())
  const store = fallbackStore([{ ...memoryStore(), read }], () => {})
  expect(await store.read()).toEqual(storedRecord())
  expect(read).toHaveBeenCalledTimes(1)
})

test('a reading that comes after a writing sees it, though the writing chose the store', async () => {
  const store = fallbackStore([memoryStore()], () => {})
  const written = store.write(storedRecord())
  expect(await store.read()).toEqual(storedRecord())
  await written
})

describe('listening', () => {
  const listened = (read: TokenStore['read'] = () => null) => {
    let tell = (): void => {}
    const stop = vi.fn()
    const subscribe = vi.fn((callback: () => void) => {
      tell = callback
      return stop
    })
    return { store: { ...memoryStore(), read, subscribe } as TokenStore, subscribe, stop, tell: () => tell() }
  }

  test('is to the chosen store alone, and begins before that is read', async () => {
    const changed = vi.fn()
    const first = listened(() => {
      first.tell()
      return null
    })
    const second = listened()
    const store = fallbackStore([first.store, second.store], () => {})
    const unsubscribe = store.subscribe?.(changed)
    expect(first.subscribe).not.toHaveBeenCalled()
    await store.read()
    expect(changed).toHaveBeenCalledTimes(1)
    expect(second.subscribe).not.toHaveBeenCalled()
    unsubscribe?.()
    expect(first.stop).toHaveBeenCalledTimes(1)
  })

  test('ends for a store that cannot be read, and begins for the next', async () => {
    const changed = vi.fn()
    const first = listened(() => Promise.reject(new TypeError('gone')))
    const second = listened()
    const store = fallbackStore([first.store, second.store], () => {})
    store.subscribe?.(changed)
    await store.read()
    expect(first.stop).toHaveBeenCalledTimes(1)
    second.tell()
    expect(changed).toHaveBeenCalledTimes(1)
  })

  test('ends even where the choice is still under way', async () => {
    const first = listened(() => Promise.reject(new TypeError('gone')))
    const second = listened()
    const store = fallbackStore([first.store, second.store], () => {})
    const unsubscribe = store.subscribe?.(() => {})
    const reading = store.read()
    unsubscribe?.()
    await reading
    expect(first.stop).toHaveBeenCalled()
    expect(second.subscribe).not.toHaveBeenCalled()
  })

  test('costs nothing where nobody wants to hear', async () => {
    const first = listened()
    await fallbackStore([first.store], () => {}).read()
    expect(first.subscribe).not.toHaveBeenCalled()
  })
})

test('the closing reaches every store that has it', () => {
  const close = vi.fn()
  fallbackStore([{ ...memoryStore(), close }, memoryStore()], () => {}).close?.()
  expect(close).toHaveBeenCalledTimes(1)
})

test('what an earlier failure left in a later store is removed when somebody signs in, and does not come back', async () => {
  const [first, second] = [memoryStore(), memoryStore()]
  second.write(storedRecord())
  await fallbackStore([first, second], () => {}).write(storedRecord({ session: 'the next one' }))
  expect(second.read()).toBeNull()
  expect(first.read()).toMatchObject({ session: 'the next one' })
})

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

test('subscriptions and the closing reach every store that has them', () => {
  const [stop, close, changed] = [vi.fn(), vi.fn(), vi.fn()]
  const subscribe = vi.fn((callback: () => void) => {
    callback()
    return stop
  })
  const store = fallbackStore([{ ...memoryStore(), subscribe, close }, memoryStore()], () => {})
  const unsubscribe = store.subscribe?.(changed)
  expect(changed).toHaveBeenCalledTimes(1)
  unsubscribe?.()
  store.close?.()
  expect(stop).toHaveBeenCalledTimes(1)
  expect(close).toHaveBeenCalledTimes(1)
})

test('what an earlier failure left in a later store is removed when somebody signs in, and does not come back', async () => {
  const [first, second] = [memoryStore(), memoryStore()]
  second.write(storedRecord())
  await fallbackStore([first, second], () => {}).write(storedRecord({ session: 'the next one' }))
  expect(second.read()).toBeNull()
  expect(first.read()).toMatchObject({ session: 'the next one' })
})

// @vitest-environment node
import { describe, expect, test, vi } from 'vitest'
import { createEmitter } from '../../src/core/emitter.js'
import { settled } from '../support/settled.js'

test('each listener is called, in the order in which they were added', () => {
  const heard: string[] = []
  const emitter = createEmitter<number>(() => {})
  emitter.add((value) => heard.push(`a${value}`))
  emitter.add((value) => heard.push(`b${value}`))
  emitter.emit(1)
  emitter.emit(2)
  expect(heard).toEqual(['a1', 'b1', 'a2', 'b2'])
})

test('a listener that is added with a first value is called with that at once, and no other is', () => {
  const emitter = createEmitter<number>(() => {})
  const before = vi.fn()
  const listener = vi.fn()
  emitter.add(before)
  emitter.add(listener, 0)
  expect(listener).toHaveBeenCalledExactlyOnceWith(0)
  expect(before).not.toHaveBeenCalled()
})

test('a listener without a first value is not called at once', () => {
  const listener = vi.fn()
  createEmitter<number>(() => {}).add(listener)
  expect(listener).not.toHaveBeenCalled()
})

test('after its removal a listener is not called, and removing it twice does no harm', () => {
  const emitter = createEmitter<number>(() => {})
  const listener = vi.fn()
  const stays = vi.fn()
  const remove = emitter.add(listener)
  emitter.add(stays)
  remove()
  remove()
  emitter.emit(1)
  expect(listener).not.toHaveBeenCalled()
  expect(stays).toHaveBeenCalledTimes(1)
  expect(emitter.size).toBe(1)
})

test('a function that is added twice is called twice, and each removal takes one', () => {
  const emitter = createEmitter<number>(() => {})
  const listener = vi.fn()
  const remove = emitter.add(listener)
  emitter.add(listener)
  emitter.emit(1)
  expect(listener).toHaveBeenCalledTimes(2)
  remove()
  emitter.emit(2)
  expect(listener).toHaveBeenCalledTimes(3)
})

test('clear removes all', () => {
  const emitter = createEmitter<number>(() => {})
  const listener = vi.fn()
  emitter.add(listener)
  emitter.clear()
  emitter.emit(1)
  expect(listener).not.toHaveBeenCalled()
  expect(emitter.size).toBe(0)
})

test('what a listener emits comes after the present value, so that all see the same order', () => {
  const emitter = createEmitter<number>(() => {})
  const first: number[] = []
  const second: number[] = []
  emitter.add((value) => {
    first.push(value)
    if (value < 3) emitter.emit(value + 1)
  })
  emitter.add((value) => second.push(value))
  emitter.emit(1)
  expect(first).toEqual([1, 2, 3])
  expect(second).toEqual([1, 2, 3])
})

test('several values are emitted as one: what a listener emits meanwhile comes after them', () => {
  const emitter = createEmitter<string>(() => {})
  const heard: string[] = []
  emitter.add((value) => {
    heard.push(value)
    if (value === 'a') emitter.emit('c')
  })
  emitter.emit('a', 'b')
  emitter.emit()
  expect(heard).toEqual(['a', 'b', 'c'])
})

test('a listener that another listener removes is not called any more', () => {
  const emitter = createEmitter<number>(() => {})
  const removed = vi.fn()
  emitter.add(() => remove())
  const remove = emitter.add(removed)
  emitter.emit(1)
  expect(removed).not.toHaveBeenCalled()
})

test('a listener that is added while a value is emitted hears from the next one on', () => {
  const emitter = createEmitter<number>(() => {})
  const added = vi.fn()
  const stop = emitter.add(() => {
    stop()
    emitter.add(added)
  })
  emitter.emit(1)
  expect(added).not.toHaveBeenCalled()
  emitter.emit(2)
  expect(added).toHaveBeenCalledExactlyOnceWith(2)
})

describe('a listener that fails', () => {
  test('by throwing stops neither the others nor the sender, and is reported', () => {
    const report = vi.fn()
    const other = vi.fn()
    const emitter = createEmitter<number>(report)
    const error = new Error('mine')
    emitter.add(() => {
      throw error
    })
    emitter.add(other)
    emitter.emit(1)
    emitter.emit(2)
    expect(other.mock.calls).toEqual([[1], [2]])
    expect(report.mock.calls).toEqual([
      [error, 1],
      [error, 2],
    ])
  })

  test('by throwing at its first value is reported, and stays', () => {
    const report = vi.fn()
    const emitter = createEmitter<number>(report)
    const listener = vi.fn(() => {
      throw new Error('mine')
    })
    expect(() => emitter.add(listener, 0)).not.toThrow()
    emitter.emit(1)
    expect(listener).toHaveBeenCalledTimes(2)
    expect(report).toHaveBeenCalledTimes(2)
  })

  test('by rejecting is reported alike, and leaves no unhandled rejection', async () => {
    const report = vi.fn()
    const emitter = createEmitter<number>(report)
    const error = new Error('mine')
    emitter.add(async () => {
      throw error
    })
    emitter.emit(1)
    await settled()
    expect(report).toHaveBeenCalledExactlyOnceWith(error, 1)
  })
})

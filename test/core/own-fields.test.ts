// @vitest-environment node
import { describe, expect, test } from 'vitest'
import { fieldOf, isObject, ownFields } from '../../src/core/own-fields.js'

describe('a field', () => {
  test.each<[unknown, unknown]>([
    [{ token: 'A' }, 'A'],
    [{ token: null }, null],
    [{}, undefined],
    [Object.create({ token: 'A' }), undefined],
    ['token', undefined],
    [null, undefined],
    [undefined, undefined],
    [Object.assign(() => {}, { token: 'A' }), undefined],
  ])('of %j is %j', (given, value) => {
    expect(fieldOf(given, 'token')).toBe(value)
  })
})

test.each<[unknown, boolean]>([
  [{}, true],
  [[], true],
  [null, false],
  [undefined, false],
  ['text', false],
  [() => {}, false],
])('%j is an object: %s', (given, is) => {
  expect(isObject(given)).toBe(is)
})

describe('own fields', () => {
  test('are copied, and none is inherited', () => {
    const given = Object.assign(Object.create({ inherited: 1 }), { own: 2 })
    const copy = ownFields(given)
    expect({ ...copy }).toEqual({ own: 2 })
    expect('inherited' in copy).toBe(false)
    expect('toString' in copy).toBe(false)
    given.own = 3
    expect(copy.own).toBe(2)
  })

  test('of nothing are none', () => {
    expect(Object.keys(ownFields<object>(undefined))).toEqual([])
  })
})

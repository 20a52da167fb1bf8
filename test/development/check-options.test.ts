// @vitest-environment node
import { expect, test } from 'vitest'
import {
  aFunction,
  anything,
  checkOptions,
  milliseconds,
  type OptionRule,
  oneOf,
  origins,
  seconds,
  yesOrNo,
} from '../../src/development/check-options.js'

interface Options {
  mode?: string
  waitMs?: number
  hook?: () => void
  isLoud?: boolean
  hosts?: string[]
  lifetime?: number
  rest?: unknown
}

const rules: Record<keyof Options, OptionRule> = {
  mode: oneOf('fast', 'slow'),
  waitMs: milliseconds(1),
  hook: aFunction,
  isLoud: yesOrNo,
  hosts: origins,
  lifetime: seconds,
  rest: anything,
}

const check = (options: unknown): Readonly<Options> => checkOptions('make', options as Options, rules)

test('good options come back as a frozen copy', () => {
  const options = { mode: 'fast', waitMs: 1 }
  const checked = check(options)
  options.mode = 'slow'
  expect(checked).toEqual({ mode: 'fast', waitMs: 1 })
  expect(Object.isFrozen(checked)).toBe(true)
})

test('an option that is undefined counts as absent', () => {
  expect(Object.keys(check({ mode: undefined, waitMs: 5 }))).toEqual(['waitMs'])
})

test.each([undefined, null, 5, 'fast', () => {}])('%s are no options', (options) => {
  expect(() => check(options)).toThrow(new TypeError('make takes an object of options'))
})

test.each([
  [{ mode: 'quick' }, "make: mode takes 'fast' or 'slow'"],
  [{ mode: null }, "make: mode takes 'fast' or 'slow'"],
  [{ waitMs: 0.5 }, 'make: waitMs takes a number of milliseconds, 1 or more'],
  [{ waitMs: '5' }, 'make: waitMs takes a number of milliseconds, 1 or more'],
  [{ waitMs: Number.NaN }, 'make: waitMs takes a number of milliseconds, 1 or more'],
  [{ waitMs: Infinity }, 'make: waitMs takes a number of milliseconds, 1 or more'],
  [{ hook: {} }, 'make: hook takes a function'],
  [{ isLoud: 'yes' }, 'make: isLoud takes true or false'],
  [{ isLoud: 1 }, 'make: isLoud takes true or false'],
  [{ hosts: 'https://api.example.com' }, 'make: hosts takes a list of origins'],
  [{ hosts: null }, 'make: hosts takes a list of origins'],
  [{ lifetime: -1 }, 'make: lifetime takes a number of seconds'],
  [{ lifetime: '900' }, 'make: lifetime takes a number of seconds'],
  [{ lifetime: Number.NaN }, 'make: lifetime takes a number of seconds'],
])('%j is refused by name, with what the option takes', (options, message) => {
  expect(() => check(options)).toThrow(new TypeError(message))
})

test.each(['Mode', 'wait', 'toString', '__proto__', 'constructor'])('an option %s is not known', (name) => {
  const options = Object.defineProperty({}, name, { value: 1, enumerable: true })
  expect(() => check(options)).toThrow(
    new TypeError(`make has no option "${name}"; it has mode, waitMs, hook, isLoud, hosts, lifetime, rest`),
  )
})

test('options that only a prototype holds do not count', () => {
  expect(check(Object.create({ mode: 'quick', unknown: 1 })).mode).toBeUndefined()
})

test('a function is taken where one is asked for', () => {
  const hook = (): void => {}
  expect(check({ hook }).hook).toBe(hook)
})

test.each([true, false])('%s is taken where yes or no is asked for', (isLoud) => {
  expect(check({ isLoud }).isLoud).toBe(isLoud)
})

test.each([0, 0.5, 900])('a lifetime of %d s is taken', (lifetime) => {
  expect(check({ lifetime }).lifetime).toBe(lifetime)
})

test('a list of origins is taken as it is, for both builds check what is in it', () => {
  expect(check({ hosts: [5] }).hosts).toEqual([5])
})

test.each([null, 5, '', {}])('an option that is checked elsewhere takes %j here', (rest) => {
  expect(check({ rest }).rest).toBe(rest)
})

import { isObject, ownFields } from '../core/own-fields.js'

/** Whether a value will do, and what to say when it does not. */
export type OptionRule = readonly [isGood: (value: unknown) => boolean, takes: string]

/**
 * A frozen copy of the caller's own options, checked one by one, without those that are `undefined`. Throws a `TypeError`
 * that names the option and what it takes.
 */
export function checkOptions<T extends object>(
  caller: string,
  options: T,
  rules: Readonly<Record<keyof T, OptionRule>>,
): Readonly<T> {
  if (!isObject(options)) throw new TypeError(`${caller} takes an object of options`)
  const checked = ownFields(options)
  for (const name of Object.keys(checked) as (keyof T & string)[]) {
    const value = checked[name]
    if (!Object.hasOwn(rules, name)) {
      throw new TypeError(`${caller} has no option "${name}"; it has ${Object.keys(rules).join(', ')}`)
    }
    const [isGood, takes] = rules[name]
    if (value === undefined) delete checked[name]
    else if (!isGood(value)) throw new TypeError(`${caller}: ${name} takes ${takes}`)
  }
  return Object.freeze(checked)
}

export const oneOf = (...values: readonly string[]): OptionRule => [
  (value) => values.includes(value as string),
  values.map((value) => `'${value}'`).join(' or '),
]

export const yesOrNo: OptionRule = [(value) => typeof value === 'boolean', 'true or false']

export const aFunction: OptionRule = [(value) => typeof value === 'function', 'a function']

/** Checked elsewhere, in both builds. */
export const anything: OptionRule = [() => true, '']

export const origins: OptionRule = [Array.isArray, 'a list of origins']

export const milliseconds = (least: number): OptionRule => [
  (value) => typeof value === 'number' && value >= least && value < Infinity,
  `a number of milliseconds, ${least} or more`,
]

/** A lifetime, as JWTs and OAuth count it. */
export const seconds: OptionRule = [(value) => typeof value === 'number' && value >= 0, 'a number of seconds']

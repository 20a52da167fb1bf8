import { isAuthError } from '../../../src/core/errors.js'

/** Stands for a secret: inputs are full of it, errors must be free of it. No field name that errors tell looks like it. */
export const sentinel = 'tell-nobody'

export function claim(holds: boolean, what: string): asserts holds {
  if (!holds) throw new Error(`Broken: ${what}`)
}

/** What errors show: their words, where they come from, and what caused them. */
export function claimQuotesNothing(error: unknown): void {
  for (let next = error; next instanceof Error; next = next.cause) {
    claim(!`${next.message} ${next.stack}`.includes(sentinel), 'an error quotes its input')
    claim(next.cause === undefined || isAuthError(next.cause), 'an error has a cause that is not ours')
  }
}

const shared = [Object, Array, String, Number, Boolean, Function, RegExp, Promise, Error, Map, Set]
const shape = (): string => shared.map(({ prototype }) => Reflect.ownKeys(prototype).length).join()
const shapeBefore = shape()

export function claimNothingIsPolluted(): void {
  claim(shape() === shapeBefore, 'a prototype has got a new property')
}

/** What takes less is not worth measuring. */
const shortMs = 20

/** Makes the text long, by all of it and by one character of it. Four times the length may take twice as long again, for noise. */
export function claimIsLinear(text: string, length: number, parse: (text: string) => unknown): void {
  const middle = Math.floor(text.length / 2)
  const rest = text.slice(middle)
  const byAll = (length: number): string => text.padEnd(length, text)
  const byOne = (length: number): string =>
    text.slice(0, middle).padEnd(length - rest.length, text[middle] ?? ' ') + rest
  for (const make of [byAll, byOne]) {
    const isLinear = (): boolean => {
      const whole = cpuMsOf(() => parse(make(length)))
      return whole < shortMs || whole < 8 * cpuMsOf(() => parse(make(length / 4)))
    }
    claim([1, 2, 3].some(isLinear), `the time for ${length} characters is out of proportion`)
  }
}

/** Of the process: what else the machine does is left out. */
function cpuMsOf(work: () => unknown): number {
  const before = process.cpuUsage()
  work()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000
}

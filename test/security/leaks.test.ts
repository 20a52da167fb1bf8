import { describe, expect, test } from 'vitest'
import { watchExposure } from './support/exposure.js'
import { findSecrets } from './support/leaks.js'
import { scenarios } from './support/scenarios.js'
import { secretsOf, tokenKinds } from './support/token-kinds.js'

describe.each(tokenKinds.map((kind) => [kind.name, kind] as const))('with %s', (_, kind) => {
  test.each(scenarios.map(({ claim, run }) => [claim, run] as const))(
    '%s, and nothing leaks',
    async (_, run) => {
      const exposure = watchExposure()
      const { stage, results } = await run(kind, (line) => exposure.add('the debug output', line))
      exposure.add('what the callers got', results)
      exposure.expectNone(secretsOf(kind), stage)
    },
  )
})

class Hidden {
  readonly #secret = 'a SECRET'
  get secret(): string {
    return this.#secret
  }
}

const hideouts: [string, unknown][] = [
  ['a message', new Error('a SECRET')],
  ['a property that cannot be listed', Object.defineProperty({}, 'hidden', { value: 'a SECRET' })],
  ['an inherited property', Object.create({ inherited: 'a SECRET' })],
  ['an inherited getter', new Hidden()],
  ['a symbol', { [Symbol('key')]: 'a SECRET' }],
  ['the name of a property', { 'a SECRET': 1 }],
  ['a chain of causes', new Error('no', { cause: new Error('no', { cause: { text: 'a SECRET' } }) })],
  ['toJSON', { toJSON: () => ({ text: 'a SECRET' }) }],
  ['a map', new Map([[1, { text: 'a SECRET' }]])],
  ['a set', new Set(['a SECRET'])],
  ['bytes', Buffer.from('a SECRET')],
  ['headers', new Headers({ authorization: 'a SECRET' })],
  ['what inspect shows', { [Symbol.for('nodejs.util.inspect.custom')]: () => 'a SECRET' }],
  ['toString', { toString: () => 'a SECRET' }],
]

test.each(hideouts)('the search finds a secret in %s', (_, value) => {
  expect(findSecrets(value, ['SECRET'])).not.toEqual([])
  expect(findSecrets(value, ['OTHER'])).toEqual([])
})

import { sentinel } from './claims.js'

/** What a fuzzer's bytes stand for, read one after the other. */
export interface HostileInput {
  /** One of `choices`. */
  pick<const T>(choices: readonly T[]): T
  text(): string
  /** Any value that code could be handed, objects with some of `names` among them. */
  value(names: readonly string[]): unknown
}

const oddNumbers = [0, -0, -1, 0.5, 1e11, 8e12, 2 ** 31, 2 ** 53, 1e300, Number.NaN, Infinity, -Infinity]
const oddNames = ['__proto__', 'constructor', 'prototype', 'toString', 'toJSON', 'then', 'length', '']
const deepest = 5

export function readHostile(data: Buffer): HostileInput {
  let at = 0
  const byte = (): number => data[at++] ?? 0

  const input: HostileInput = {
    pick: (choices) => choices[byte() % choices.length] as never,
    text() {
      const length = byte()
      at += length
      return data.toString('utf8', at - length, at)
    },
    value: (names) => read(names, 0),
  }

  function read(names: readonly string[], depth: number): unknown {
    const kind = byte()
    // Readable bytes are JSON, as the seeds are.
    if (depth === 0 && kind >= 0x20) {
      const text = data.toString('utf8', at - 1)
      at = data.length
      return parseOr(text)
    }
    switch (kind % 16) {
      case 0:
        return undefined
      case 1:
        return null
      case 2:
        return input.pick([true, false])
      case 3:
        return input.pick(oddNumbers)
      case 4:
        return Number(input.text())
      case 5:
        return input.text()
      case 6:
        return sentinel + input.text()
      case 7:
        return Object(sentinel)
      case 8:
        return input.pick([
          0n,
          Symbol(sentinel),
          () => sentinel,
          new Date(Number.NaN),
          new Map(),
          /x/,
          Promise.resolve(),
        ])
      case 9:
        return depth < deepest ? Array.from({ length: byte() % 4 }, () => read(names, depth + 1)) : []
      default:
        return depth < deepest ? readObject(names, depth) : {}
    }
  }

  function readObject(names: readonly string[], depth: number): object {
    const record: object = Object.create(input.pick([Object.prototype, null, { accessToken: sentinel }]))
    for (let left = byte() % 12; left > 0; left--) {
      const name = input.pick([...names, ...names, ...oddNames])
      const value = read(names, depth + 1)
      const own = input.pick([{ value, writable: true }, { get: () => value }])
      Object.defineProperty(record, name, { ...own, enumerable: true, configurable: true })
    }
    return record
  }

  return input
}

function parseOr(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

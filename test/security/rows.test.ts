// @vitest-environment node
import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

/** The bad inputs of the threat model, by their kind: how many there are of each. */
const kinds: [letter: string, kind: string, count: number][] = [
  ['T', 'token strings', 15],
  ['J', 'JWT payloads and time', 26],
  ['R', 'refresh replies', 40],
  ['S', 'storage contents', 18],
  ['U', 'URLs', 33],
  ['H', 'headers', 27],
  ['C', 'configuration', 18],
  ['X', 'concurrency and environment', 21],
]

const directory = new URL('.', import.meta.url)
const others = readdirSync(directory).filter((name) => name.endsWith('.test.ts') && name !== 'rows.test.ts')
const text = others.map((name) => readFileSync(new URL(name, directory), 'utf8')).join('\n')

test.each(kinds)(
  'each row of %s, %s, is in these tests, or they say where else it is',
  (letter, _, count) => {
    const rows = Array.from({ length: count }, (_, index) => `${letter}${index + 1}`)
    const missing = rows.filter((row) => !new RegExp(`\\b${row}\\b`).test(text))
    expect(missing).toEqual([])
  },
)

// @vitest-environment node
import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'

describe('the warnings, in writing', () => {
  const codesIn = (text: string, pattern: RegExp): string[] =>
    [...text.matchAll(pattern)].map(([, code = '']) => code).sort()
  const listed = codesIn(
    readFileSync('src/core/events.ts', 'utf8').replace(/^(?! +\* ).*$/gm, ''),
    /`([A-Z_]+)`/g,
  )

  test('all that the code emits are listed', () => {
    const files = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter((file) =>
      /\.ts$/.test(file),
    )
    const text = files.map((file) => readFileSync(`src/${file}`, 'utf8')).join('\n')
    const emitted = codesIn(text, /(?:type: 'warning',\s+code: |\bwarning\()'(\w+)'/g)
    expect(emitted.length).toBeGreaterThan(5)
    expect(listed).toEqual(expect.arrayContaining(emitted))
  })

  test('each has a line in the guide that says what to do', () => {
    const [, table = ''] = readFileSync('docs/troubleshooting.md', 'utf8').split('## Warnings')
    expect(codesIn(table, /^\| `(\w+)` \| \S.+ \| \S.+ \|$/gm)).toEqual(listed)
  })
})

// @vitest-environment node
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { protocolNames } from '../../bin/doctor/candidates.js'
import { levels } from '../../bin/doctor/finding.js'

const guide = readFileSync('docs/doctor.md', 'utf8')

test('the guide has every code with its level, and no other', () => {
  const rows = [...guide.matchAll(/^\| `([A-Z0-9_]+)` \| (problem|advice) \|/gm)]
  expect(Object.fromEntries(rows.map(([, code, level]) => [code, level]))).toEqual(levels)
})

test('the guide names every protocol that is tried', () => {
  expect(protocolNames.filter((name) => !guide.includes(`\`${name}\``))).toEqual([])
})

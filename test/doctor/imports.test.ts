// @vitest-environment node
import { readdirSync, readFileSync } from 'node:fs'
import { join, posix } from 'node:path'
import { expect, test } from 'vitest'

const files = readdirSync('bin', { recursive: true, encoding: 'utf8' })
  .map((file) => file.replaceAll('\\', '/'))
  .filter((file) => file.endsWith('.ts'))
const read = (file: string): string => readFileSync(join('bin', file), 'utf8')
const targets = files.flatMap((file) =>
  [...read(file).matchAll(/\bfrom '([^']+)'/g)].map(([, path = '']) =>
    path.startsWith('.') ? posix.join('bin', posix.dirname(file), path) : path,
  ),
)

test('the command imports Node, and of the library what speaks to a server', () => {
  const strangers = targets.filter(
    (target) => !/^(bin\/doctor\/|node:|src\/(core|http|servers|development)\/)/.test(target),
  )
  expect(targets.length).toBeGreaterThan(20)
  expect(strangers).toEqual([])
})

test('no file of the command has more than 250 lines of code', () => {
  const linesOfCode = (text: string): number =>
    text.split('\n').filter((line) => !/^\s*($|\/\/|\/?\*)/.test(line)).length
  expect(files.filter((file) => linesOfCode(read(file)) > 250)).toEqual([])
})

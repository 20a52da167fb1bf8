import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { publint } from 'publint'
import { expect, inject, test } from 'vitest'
import { addTypeTests, builds, createConsumer } from './consumer.js'

const { tarball } = inject('packed')

function node(
  script: string,
  args: string[] = [],
  cwd = '.',
  flags: string[] = [],
): { status: number | null; output: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [...flags, resolve(script), ...args], {
    cwd,
    encoding: 'utf8',
  })
  return { status, output: stdout + stderr }
}

test('publint finds nothing to say about the tarball, not even a suggestion', async () => {
  const { buffer, byteOffset, byteLength } = readFileSync(tarball)
  const file = buffer.slice(byteOffset, byteOffset + byteLength) as ArrayBuffer
  const { messages } = await publint({ pack: { tarball: file }, strict: true })
  expect(messages).toEqual([])
})

test.each([
  ['every entry point but Angular', ['--profile', 'node16', '--exclude-entrypoints', 'angular']],
  ['angular, which is an ES module alone,', ['--profile', 'esm-only', '--entrypoints', 'angular']],
])('the types of %s are right wherever they can be imported', (_, options) => {
  const attw = 'node_modules/@arethetypeswrong/cli/dist/index.js'
  const { status, output } = node(attw, [tarball, ...options, '--no-color'])
  expect(status, output).toBe(0)
})

test.each(builds)('every entry point resolves to the $build build', ({ build, flags }) => {
  const consumer = createConsumer()
  const resolved = `
    const { createRequire } = await import('node:module')
    const require = createRequire(import.meta.url)
    const { exports } = require('latchkey/package.json')
    const names = Object.keys(exports).filter((path) => !path.endsWith('.json')).map((path) => path.replace('.', 'latchkey'))
    const found = names.map((name) => import.meta.resolve(name))
    for (const name of names) if (name !== 'latchkey/angular') found.push('file://' + require.resolve(name))
    console.log(JSON.stringify(found))`
  writeFileSync(join(consumer, 'resolve.mjs'), resolved)
  const files: string[] = JSON.parse(node(join(consumer, 'resolve.mjs'), [], '.', flags).output)
  expect(files.length).toBeGreaterThan(10)
  const folder = build === 'production' ? '/latchkey/dist' : '/latchkey/dist/development'
  expect(files.filter((file) => !file.replace(/\/[^/]+$/, '').endsWith(folder))).toEqual([])
})

const typescript7 = 'node_modules/typescript/bin/tsc'
const compilers = [
  ['TypeScript 7', 'newest', typescript7],
  ['TypeScript 7', 'oldest', typescript7],
  ['TypeScript 6', 'newest', 'node_modules/@typescript/typescript6/bin/tsc6'],
  ['TypeScript 5.5', 'oldest', 'node_modules/oldest-typescript/bin/tsc'],
] as const

test.each(compilers)(
  '%s with the %s peers takes every declaration, passes the type tests, and compiles a node16 project that runs with both builds',
  (_, peers, tsc) => {
    const consumer = createConsumer(peers)
    addTypeTests(consumer)
    expect(node(tsc, [], consumer)).toEqual({ status: 0, output: '' })
    for (const { build, flags } of builds) {
      for (const program of ['out/esm.mjs', 'out/cjs.cjs']) {
        const { status, output } = node(join(consumer, program), [], '.', flags)
        expect(output.trim(), `${program}, ${build}`).toBe('["Bearer the-token",null]')
        expect(status, `${program}, ${build}`).toBe(0)
      }
    }
  },
  180_000,
)

test('the type tests find a declaration that has become any', () => {
  const consumer = createConsumer()
  addTypeTests(consumer)
  const declarations = join(consumer, 'node_modules/latchkey/dist/react.d.ts')
  const before = readFileSync(declarations, 'utf8')
  const after = before.replace(': SessionState<Claims>;', ': any;')
  expect(after).not.toBe(before)
  writeFileSync(declarations, after)
  expect(node(typescript7, [], consumer).output).toMatch(/^type-tests\/react\.test-d\.mts/)
})

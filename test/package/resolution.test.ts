import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { publint } from 'publint'
import { expect, inject, test } from 'vitest'
import { createConsumer } from './consumer.js'

const { tarball } = inject('packed')

function node(script: string, args: string[] = [], cwd = '.'): { status: number | null; output: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [resolve(script), ...args], {
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

test('the types of every entry point are right for import and for require', () => {
  const attw = 'node_modules/@arethetypeswrong/cli/dist/index.js'
  const { status, output } = node(attw, [tarball, '--profile', 'node16', '--no-color'])
  expect(status, output).toBe(0)
})

const compilers = {
  'TypeScript 7': 'node_modules/typescript/bin/tsc',
  'TypeScript 6': 'node_modules/@typescript/typescript6/bin/tsc6',
}

for (const [compiler, tsc] of Object.entries(compilers)) {
  for (const axios of ['axios', 'axios-oldest'] as const) {
    test(`a node16 project compiles with ${compiler} and ${axios}, and runs, as ESM and as CommonJS`, () => {
      const consumer = createConsumer(axios)
      expect(node(tsc, [], consumer)).toEqual({ status: 0, output: '' })
      for (const program of ['out/esm.mjs', 'out/cjs.cjs']) {
        const { status, output } = node(join(consumer, program))
        expect(output.trim(), program).toBe('["Bearer the-token",null]')
        expect(status, program).toBe(0)
      }
    })
  }
}

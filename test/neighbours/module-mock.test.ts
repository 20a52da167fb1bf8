// @vitest-environment node
import { createRequire } from 'node:module'
import { build } from 'esbuild'
import { expect, test } from 'vitest'

/** An entry point as a test runner loads it that has put `mock` in the place of axios: as `jest.mock('axios', () => mock)`. */
async function importWith(mock: object, entryPoint: string): Promise<Record<string, unknown>> {
  const { outputFiles } = await build({
    entryPoints: [entryPoint],
    bundle: true,
    format: 'cjs',
    platform: 'node',
    packages: 'external',
    write: false,
    logLevel: 'error',
  })
  const load = createRequire(import.meta.url)
  const module = { exports: {} as Record<string, unknown> }
  const run = new Function('require', 'module', 'exports', outputFiles[0]?.text ?? '')
  run((name: string) => (name === 'axios' ? mock : load(name)), module, module.exports)
  return module.exports
}

const mocks: [string, object][] = [
  ['that has nothing but create', { create: () => ({}) }],
  [
    'that has a default export with nothing but create',
    { __esModule: true, default: { create: () => ({}) } },
  ],
  ['that is empty', {}],
]

test.each(mocks)('a mock of axios %s does not break the import of latchkey/axios', async (_, mock) => {
  expect((await importWith(mock, 'src/axios.ts')).withSession).toBeTypeOf('function')
})

test.each(mocks)('a mock of axios %s does not break the import of latchkey/testing', async (_, mock) => {
  expect((await importWith(mock, 'src/testing.ts')).createTestSession).toBeTypeOf('function')
})

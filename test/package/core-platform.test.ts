import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'

/** Compiles `src/core` by itself, with one more file in it. */
function compileCore(more: string): string {
  const directory = mkdtempSync(join(tmpdir(), 'latchkey-core-'))
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
  const core = join(directory, 'src/core')
  cpSync('src/core', core, { recursive: true })
  cpSync('src/development', join(directory, 'src/development'), { recursive: true })
  cpSync('tsconfig.json', join(directory, 'tsconfig.json'))
  symlinkSync(resolve('node_modules'), join(directory, 'node_modules'), 'junction')
  writeFileSync(join(core, 'more.ts'), more)
  const tsc = resolve('node_modules/typescript/bin/tsc')
  return spawnSync(process.execPath, [tsc, '-p', 'src/core'], { cwd: directory, encoding: 'utf8' }).stdout
}

test('core compiles against the language alone, without DOM and Node', () => {
  expect(compileCore('export const answer = 42')).toBe('')
})

test.each(['window', 'document', 'localStorage', 'navigator', 'fetch', 'console', 'process'])(
  'core that touches %s does not compile',
  (name) => {
    expect(compileCore(`export const touched: unknown = ${name}`)).toMatch(
      new RegExp(`^src/core/more\\.ts\\(1,33\\): error TS\\d+: Cannot find name '${name}'`),
    )
  },
)

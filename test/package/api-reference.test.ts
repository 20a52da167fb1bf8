import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'

test('the API reference is made of every entry point without a warning', () => {
  const out = mkdtempSync(join(tmpdir(), 'latchkey-api-reference-'))
  onTestFinished(() => rmSync(out, { recursive: true, force: true }))
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['node_modules/typedoc/bin/typedoc', '--out', out],
    { cwd: 'scripts/api-reference', encoding: 'utf8' },
  )
  expect(`${stdout}${stderr}`).not.toMatch(/warning|error/i)
  expect(status).toBe(0)
  const entryPoints = readdirSync('src').filter((file) => file.endsWith('.ts'))
  expect(entryPoints.length).toBeGreaterThan(5)
  const missing = entryPoints.filter((file) => !existsSync(join(out, 'modules', file.replace(/ts$/, 'html'))))
  expect(missing).toEqual([])
})

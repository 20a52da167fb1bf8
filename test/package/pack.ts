import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'

declare module 'vitest' {
  interface ProvidedContext {
    /** The package as the registry would get it: the tarball, and the directory it was unpacked into. */
    packed: { tarball: string; directory: string }
  }
}

/** Packs the build once for all tests of the package. */
export default function pack(project: TestProject): () => void {
  checkBuild()
  const temporary = mkdtempSync(join(tmpdir(), 'latchkey-package-'))
  execFileSync('npm', ['pack', '--loglevel=error', '--pack-destination', temporary], {
    shell: process.platform === 'win32',
  })
  const tarball = readdirSync(temporary).find((file) => file.endsWith('.tgz'))
  if (tarball === undefined) throw new Error('npm pack made no tarball')
  execFileSync('tar', ['-xzf', tarball], { cwd: temporary })
  project.provide('packed', { tarball: join(temporary, tarball), directory: join(temporary, 'package') })
  return () => rmSync(temporary, { recursive: true, force: true })
}

/** A test of an old build proves nothing. */
function checkBuild(): void {
  const built = statSync('dist/index.js', { throwIfNoEntry: false })?.mtimeMs ?? 0
  const sources = readdirSync('src', { recursive: true, encoding: 'utf8' }).map((file) => join('src', file))
  for (const source of [...sources, 'rollup.config.mjs', 'scripts/production.mjs', 'package.json']) {
    if (statSync(source).mtimeMs > built) throw new Error(`dist is older than ${source}: npm run build`)
  }
}

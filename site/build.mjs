import { spawnSync } from 'node:child_process'
import { cpSync, rmSync } from 'node:fs'
import { build } from 'vitepress'
import { buildDemo } from '../demo/build.mjs'
import { pages, root, site } from './places.mjs'
import { writeLlms } from './write-llms.mjs'
import { writePages } from './write-pages.mjs'

rmSync(pages, { recursive: true, force: true })
writePages()
await buildDemo(`${pages}public/demo`)
// Whether the reference is complete is the business of its own test.
const reference = ['run', '--silent', 'build', '--workspace', 'scripts/api-reference', '--']
const { status } = spawnSync(
  'npm',
  [...reference, '--treatWarningsAsErrors', 'false', '--logLevel', 'Error'],
  {
    cwd: root,
    stdio: 'inherit',
  },
)
if (status !== 0) process.exit(1)
cpSync(`${root}scripts/api-reference/dist`, `${pages}public/api`, { recursive: true })
await build(site)
writeLlms()

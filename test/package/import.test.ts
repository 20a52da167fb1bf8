import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { builds, createConsumer } from './consumer.js'
import { isModuleOnly } from './module-only.js'

const manifest = JSON.parse(readFileSync('package.json', 'utf8'))
const paths = Object.keys(manifest.exports)
  .filter((path) => !path.endsWith('.json'))
  .map((path) => path.replace('.', 'latchkey'))
/** Loaded first: what they do is theirs. Angular's packages want its compiler where no build has seen them. */
const others = [
  '@angular/compiler',
  ...Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies }),
]

const program = (path: string, load: string): string => `
  const look = () => ({
    globals: Reflect.ownKeys(globalThis).map(String),
    handles: process.getActiveResourcesInfo(),
    listeners: process.eventNames().map(String),
  })
  async function main() {
    for (const other of ${JSON.stringify(others)}) await ${load}(other)
    const before = look()
    await ${load}('${path}')
    console.log(JSON.stringify({ before, after: look() }))
  }
  main()
`

for (const load of ['import', 'require']) {
  const loadable = paths.filter((path) => load === 'import' || !isModuleOnly(path.replace('latchkey/', '')))
  const cases = builds.flatMap(({ build, flags }) => loadable.map((path) => ({ path, build, flags })))
  test.each(cases)(
    `${load} of the $build build of $path in Node adds no global, no listener and no open handle`,
    ({ path, flags }) => {
      const { status, stdout, stderr } = spawnSync(process.execPath, [...flags, '-e', program(path, load)], {
        cwd: createConsumer(),
        encoding: 'utf8',
        timeout: 30_000,
      })
      expect(stderr).toBe('')
      expect(status).toBe(0)
      const { before, after } = JSON.parse(stdout)
      expect(after).toEqual(before)
    },
  )
}

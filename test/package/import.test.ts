import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { createConsumer } from './consumer.js'

const paths = Object.keys(JSON.parse(readFileSync('package.json', 'utf8')).exports)
  .filter((path) => !path.endsWith('.json'))
  .map((path) => path.replace('.', 'latchkey'))

/** axios and jwt-decode are loaded first: what they do is theirs. */
const program = (path: string, load: string): string => `
  const look = () => ({
    globals: Reflect.ownKeys(globalThis).map(String),
    handles: process.getActiveResourcesInfo(),
    listeners: process.eventNames().map(String),
  })
  async function main() {
    await ${load}('axios')
    await ${load}('jwt-decode')
    const before = look()
    await ${load}('${path}')
    console.log(JSON.stringify({ before, after: look() }))
  }
  main()
`

const loaders = { import: 'import', require: 'require' }

for (const [kind, load] of Object.entries(loaders)) {
  test.each(paths)(`${kind} of %s in Node adds no global, no listener and no open handle`, (path) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, ['-e', program(path, load)], {
      cwd: createConsumer(),
      encoding: 'utf8',
      timeout: 30_000,
    })
    expect(stderr).toBe('')
    expect(status).toBe(0)
    const { before, after } = JSON.parse(stdout)
    expect(after).toEqual(before)
  })
}

import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { inject, onTestFinished } from 'vitest'

/** Somebody's project with the packed latchkey in it, and the newest or oldest peers; gone when the test is over. */
export function createConsumer(peers: 'newest' | 'oldest' = 'newest'): string {
  const directory = mkdtempSync(join(tmpdir(), 'latchkey-consumer-'))
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))

  const modules = join(directory, 'node_modules')
  mkdirSync(modules)
  cpSync(inject('packed').directory, join(modules, 'latchkey'), { recursive: true })
  for (const name of others) link(name)
  link('axios', peers === 'oldest' ? 'axios-oldest' : 'axios')
  cpSync('test/package/consumer-project', directory, { recursive: true })
  writeFileSync(join(directory, 'package.json'), '{ "private": true }')
  return directory

  function link(name: string, target = name): void {
    const places =
      peers === 'oldest' ? ['test/oldest-frameworks/node_modules', 'node_modules'] : ['node_modules']
    const found = places.map((place) => resolve(place, target)).find((path) => existsSync(path))
    symlinkSync(found ?? target, join(modules, name), 'junction')
  }
}

/** Node takes the production build, unless its flags name another condition. */
export const builds: { build: 'production' | 'development'; flags: string[] }[] = [
  { build: 'production', flags: [] },
  { build: 'development', flags: ['--conditions=development'] },
]

/** What latchkey has entry points for, what uses it in the type tests, and their types. */
const others = [
  '@angular',
  '@tanstack',
  '@types',
  'expect-type',
  'jwt-decode',
  'react',
  'rxjs',
  'svelte',
  'swr',
  'vue',
]

/** The type tests of the source, turned on the package as it is installed in `consumer`. */
export function addTypeTests(consumer: string): void {
  const directory = join(consumer, 'type-tests')
  mkdirSync(directory)
  for (const name of readdirSync('test/types')) {
    const text = readFileSync(join('test/types', name), 'utf8')
      .replaceAll(`'../../src/index.js'`, `'latchkey'`)
      .replace(/'\.\.\/\.\.\/src\/([\w-]+)\.js'/g, `'latchkey/$1'`)
      .replace(`'./any-in.js'`, `'./any-in.mjs'`)
      .replace(`'vitest'`, `'expect-type'`)
    writeFileSync(join(directory, name.replace(/\.ts$/, '.mts')), text)
  }
}

import {
  cpSync,
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

/** Somebody's project with the packed latchkey in it, gone when the test is over. */
export function createConsumer(axios: 'axios' | 'axios-oldest' = 'axios'): string {
  const directory = mkdtempSync(join(tmpdir(), 'latchkey-consumer-'))
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))

  const modules = join(directory, 'node_modules')
  mkdirSync(modules)
  cpSync(inject('packed').directory, join(modules, 'latchkey'), { recursive: true })
  for (const name of others) link(name)
  link('axios', axios)
  cpSync('test/package/consumer-project', directory, { recursive: true })
  writeFileSync(join(directory, 'package.json'), '{ "private": true }')
  return directory

  function link(name: string, target = name): void {
    symlinkSync(resolve('node_modules', target), join(modules, name), 'junction')
  }
}

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
      .replace(/'\.\.\/\.\.\/src\/(\w+)\.js'/g, `'latchkey/$1'`)
      .replace(`'./any-in.js'`, `'./any-in.mjs'`)
      .replace(`'vitest'`, `'expect-type'`)
    writeFileSync(join(directory, name.replace(/\.ts$/, '.mts')), text)
  }
}

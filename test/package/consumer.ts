import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
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
  symlinkSync(resolve('node_modules', axios), join(modules, 'axios'), 'junction')
  symlinkSync(resolve('node_modules/jwt-decode'), join(modules, 'jwt-decode'), 'junction')
  cpSync('test/package/consumer-project', directory, { recursive: true })
  writeFileSync(join(directory, 'package.json'), '{ "private": true }')
  return directory
}

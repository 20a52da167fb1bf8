// Over the whole suite: the tokens of a test are in nothing that others get to see of its sessions.
import { afterEach, beforeEach, expect, vi } from 'vitest'
import { leakWatch } from './leak-watch.js'
import { rememberGlobals, searchNewGlobals } from './new-globals.js'

/** The model's thousands of stories have: `no-token-leaks.ts`. */
const hasOwnWatch = (): boolean => !!expect.getState().testPath?.includes('/test/model/')

vi.mock('../../src/core/session.js', async (load) => {
  const original = await load<typeof import('../../src/core/session.js')>()
  if (hasOwnWatch()) return original
  const { watchSessions } = await import('./watched-session.js')
  return { ...original, assembleSession: watchSessions(original.assembleSession) }
})

vi.mock('../../src/index.js', async (load) => {
  const original = await load<typeof import('../../src/index.js')>()
  const { watchDebug } = await import('./watched-debug.js')
  return { ...original, createSession: watchDebug(original.createSession) }
})

vi.mock('../../src/axios.js', async (load) => {
  if (hasOwnWatch()) return load()
  const { Axios } = await import('axios')
  const { watchRequests } = await import('./watched-requests.js')
  watchRequests(Axios)
  return load()
})

vi.mock('../../src/fetch.js', async (load) => {
  const original = await load<typeof import('../../src/fetch.js')>()
  if (hasOwnWatch()) return original
  const { watchFetch } = await import('./watched-requests.js')
  return { ...original, withSession: watchFetch(original.withSession) }
})

vi.mock('../../src/browser/database.js', async (load) => {
  const original = await load<typeof import('../../src/browser/database.js')>()
  const { watchDatabases } = await import('./watched-database.js')
  return { ...original, createDatabase: watchDatabases(original.createDatabase) }
})

for (const method of ['debug', 'error', 'info', 'log', 'trace', 'warn'] as const) {
  const print = console[method]
  console[method] = (...line: unknown[]) => {
    for (const part of line) leakWatch.searched(`console.${method}`, part)
    print(...line)
  }
}

if (typeof Storage !== 'undefined') {
  const { setItem } = Storage.prototype
  Storage.prototype.setItem = function (key, value) {
    leakWatch.saw('the key of a storage', key)
    setItem.call(this, key, value)
  }
}

beforeEach(() => {
  rememberGlobals()
  leakWatch.forget()
})

afterEach(() => {
  searchNewGlobals()
  expect(leakWatch.take(), 'tokens that others get to see').toEqual([])
})

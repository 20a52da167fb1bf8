import { readProperty } from '../security/support/leaks.js'
import { leakWatch } from './leak-watch.js'

const known = new Set<PropertyKey>()

/** What is there now is the platform's, or the test file's. */
export function rememberGlobals(): void {
  for (const name of Reflect.ownKeys(globalThis)) known.add(name)
}

/** Looks into the globals that have come since. */
export function searchNewGlobals(): void {
  for (const name of Reflect.ownKeys(globalThis)) {
    if (!known.has(name)) leakWatch.searched(`window.${String(name)}`, readProperty(globalThis, name))
  }
}

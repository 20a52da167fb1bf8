import { systemClock } from '../core/clock.js'
import type { Environment } from '../core/environment.js'
import { createHolderWatch } from './holder-watch.js'
import { createLeaseLock } from './lease-lock.js'
import { createPageSignals } from './page-signals.js'
import { createTabChannel } from './tab-channel.js'
import { createWebLock } from './web-lock.js'

/** On a server there is nobody to share with: there nothing is opened, and two users share nothing. */
export const isBrowser = (): boolean => 'document' in globalThis || 'WorkerGlobalScope' in globalThis

/** The page and its tabs, as far as they are there. `name` is what tabs of one session have in common. */
export function createBrowserEnvironment(name: string): Environment & { close(): void } {
  const scope = `latchkey:${name}`
  const clock = systemClock
  const random = Math.random
  const page = createPageSignals()
  const channel = createTabChannel(isBrowser() ? scope : undefined, page)
  const watch = createHolderWatch({ channel, clock })
  const lease = createLeaseLock(scope, { clock, page, random }, watch)
  const locks = isBrowser() ? globalThis.navigator?.locks : undefined
  return {
    clock,
    random,
    page,
    channel,
    lock: locks ? createWebLock(scope, locks, { clock, page }, watch, lease) : lease,
    close() {
      channel.close()
      lease.close()
    },
  }
}

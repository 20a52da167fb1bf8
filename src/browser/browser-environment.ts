import { systemClock } from '../core/clock.js'
import type { Environment } from '../core/environment.js'
import { createLeaseLock } from './lease-lock.js'
import { createLockHeartbeat } from './lock-heartbeat.js'
import { createPageLifecycle } from './page-lifecycle.js'
import { createTabChannel } from './tab-channel.js'
import { createWebLock } from './web-lock.js'

/** On a server there are no tabs: there nothing is opened, and two users share nothing. */
const isBrowser = (): boolean => 'document' in globalThis || 'WorkerGlobalScope' in globalThis

/** The page and its tabs, as far as they are there. `name` is what tabs of one session have in common. */
export function createBrowserEnvironment(name: string): Environment {
  const scope = `latchkey:${name}`
  const clock = systemClock
  const random = Math.random
  const lifecycle = createPageLifecycle()
  const channel = createTabChannel(isBrowser() ? scope : undefined, lifecycle)
  const heartbeat = createLockHeartbeat({ channel, clock })
  const lease = createLeaseLock(scope, { clock, lifecycle, random }, heartbeat)
  const locks = isBrowser() ? globalThis.navigator?.locks : undefined
  const webLock = locks && createWebLock(scope, locks, { clock, lifecycle }, heartbeat, lease)
  return {
    clock,
    random,
    lifecycle,
    channel,
    lock: webLock ?? lease,
    close() {
      channel.close()
      webLock?.close()
      lease.close()
    },
  }
}

import { createSession, type Session } from '../../../src/index.js'
import { headerPair } from '../../../src/servers.js'
import { toServiceWorker } from '../../../src/service-worker.js'
import type { WorkerSideName } from '../../backend/side-names.js'
import { baseUrlOf } from './client.js'
import type { DemoClaims } from './session.js'

/** The session of the app with the worker, in its page and in the worker alike, or of the same app without one. */
export function createWorkerSession(side: WorkerSideName, root: string): Session<DemoClaims> {
  const base = baseUrlOf(side, 'headers', root)
  return createSession<DemoClaims>({
    refresh: headerPair({ url: `${base}auth/refresh`, signOut: `${base}auth/logout` }),
    name: `latchkey-${side}`,
    ...(side === 'with-worker' && { handOver: toServiceWorker() }),
  })
}

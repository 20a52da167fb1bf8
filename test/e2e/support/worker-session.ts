// The session of an app with a service worker: the same in its pages and in the worker.
import { createSession, type Session } from '../../../src/index.js'
import { jsonRefresh } from '../../../src/servers.js'
import { toServiceWorker } from '../../../src/service-worker.js'

export const openSession = (isHandedOver: boolean): Session<{ sub: string }> =>
  createSession({
    refresh: {
      ...jsonRefresh({ url: '/auth/refresh' }),
      send: ({ refreshToken }) => ({ headers: { Refresh: refreshToken ?? '' } }),
    },
    ...(isHandedOver && { handOver: toServiceWorker() }),
  })

// The service worker of an app: what its address says tells it what to guard.
import { guardFetch, type WorkerScope } from '../../../src/service-worker.js'
import { openSession } from './worker-session.js'

declare const self: WorkerScope & {
  location: Location
  skipWaiting(): Promise<void>
  clients: { claim(): Promise<void> }
}

const options = new URLSearchParams(self.location.search)
// As in the pages, whatever it hands over there.
const session = openSession(true)

if (options.has('first')) {
  self.addEventListener('fetch', (event) => {
    const { request, respondWith } = event as unknown as {
      request: Request
      respondWith(response: Response): void
    }
    if (request.url.endsWith('/files/own.png')) respondWith.call(event, new Response('own'))
  })
}
if (!options.has('mute')) {
  guardFetch(self, session, {
    allowedOrigins: options.getAll('origin'),
    navigate: options.has('navigate'),
    include: ({ url }) => new URL(url).pathname.startsWith('/files/'),
  })
}
if (options.has('last')) {
  self.addEventListener('fetch', (event) => {
    const { respondWith } = event as unknown as { respondWith(response: Response): void }
    respondWith.call(event, new Response('theirs'))
  })
}
if (!options.has('wait')) self.addEventListener('install', () => void self.skipWaiting())
if (!options.has('unclaimed')) {
  self.addEventListener('activate', (event) => {
    ;(event as unknown as { waitUntil(work: Promise<unknown>): void }).waitUntil(self.clients.claim())
  })
}

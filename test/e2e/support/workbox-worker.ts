// A service worker with routes of Workbox beside the guard; its address says which of them comes first.
import { registerRoute } from 'workbox-routing'
import { CacheFirst, StaleWhileRevalidate } from 'workbox-strategies'
import { withSession } from '../../../src/fetch.js'
import { guardFetch, type WorkerScope } from '../../../src/service-worker.js'
import { openSession } from './worker-session.js'

declare const self: WorkerScope & {
  location: Location
  skipWaiting(): Promise<void>
  clients: { claim(): Promise<void> }
}

const options = new URLSearchParams(self.location.search)
const session = openSession(true)
const api = withSession(fetch, session, { allowedOrigins: options.getAll('origin') })

const isPublic = ({ pathname }: URL): boolean => pathname.startsWith('/files/public')
const isFile = ({ pathname }: URL): boolean => pathname.startsWith('/files/')

function addRoutes(): void {
  // For everybody, and the proof that this cache takes what it is given.
  registerRoute(({ url }) => isPublic(url), new CacheFirst())
  if (options.has('own-token')) {
    const requestWillFetch = async ({ request }: { request: Request }): Promise<Request> =>
      new Request(request, {
        mode: 'cors',
        headers: { Authorization: `Bearer ${await session.getAccessToken()}` },
      })
    registerRoute(({ url }) => isFile(url), new CacheFirst({ plugins: [{ requestWillFetch }] }))
  } else if (options.has('same-files')) {
    registerRoute(({ url }) => isFile(url), new StaleWhileRevalidate())
  } else {
    registerRoute(
      ({ url }) => isFile(url),
      ({ request }) => api(request, { mode: 'cors', credentials: 'same-origin' }),
    )
  }
}

function guard(): void {
  guardFetch(self, session, {
    allowedOrigins: options.getAll('origin'),
    include: ({ url }) => isFile(new URL(url)) && !isPublic(new URL(url)),
  })
}

if (options.has('workbox-first')) {
  addRoutes()
  guard()
} else {
  guard()
  addRoutes()
}
self.addEventListener('install', () => void self.skipWaiting())
self.addEventListener('activate', (event) => {
  ;(event as unknown as { waitUntil(work: Promise<unknown>): void }).waitUntil(self.clients.claim())
})

/** A new version takes over at once, and takes the pages that are there; a page that was loaded past it asks for that. */
export function takePages(scope: WorkerScope): void {
  scope.addEventListener('install', (event) => event.waitUntil(scope.skipWaiting()))
  scope.addEventListener('activate', (event) => event.waitUntil(scope.clients.claim()))
  scope.addEventListener('message', (event) => {
    if (event.data === 'claim') event.waitUntil(scope.clients.claim())
  })
}

/**
 * The session in the app's own service worker: requests that no script sends, and a refresh that outlives its page. Start
 * with {@link guardFetch}.
 *
 * @module
 */
export type { HandOver } from './core/hand-over.js'
export { type GuardFetchOptions, guardFetch } from './service-worker/guard-fetch.js'
export { toServiceWorker } from './service-worker/to-service-worker.js'
export type { WorkerScope } from './service-worker/worker-scope.js'

import { guardFetch } from '../../src/service-worker.js'
import { baseUrlOf } from '../page/clients/client.js'
import { createWorkerSession } from '../page/clients/worker-session.js'
import { watchFetch } from '../page/watch-fetch.js'
import { workerChannel } from '../page/worker-channel.js'

/**
 * Latchkey in this worker: it signs the pictures of the app with the worker in, and does the refreshes that its pages hand
 * over. What it sends is told to the page, to be drawn.
 */
export function guardPictures(scope: WorkerScope, send: typeof fetch): void {
  const { href, origin, pathname } = new URL(scope.registration.scope)
  const channel = new BroadcastChannel(workerChannel)
  // Before the session is there, which takes it as it finds it.
  globalThis.fetch = watchFetch({
    folder: pathname,
    send: (request) => send(request),
    sendOther: send,
    tell: (exchange) => channel.postMessage(exchange),
  })
  const session = createWorkerSession('with-worker', href)
  const pictures = new URL('pictures/', baseUrlOf('with-worker', 'headers', href)).href
  guardFetch(scope, session, { allowedOrigins: [origin], include: ({ url }) => url.startsWith(pictures) })
}

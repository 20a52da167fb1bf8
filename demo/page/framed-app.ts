import type { WorkerSideName } from '../backend/side-names.js'
import type { Client } from './clients/client.js'
import { createLatchkeyClient } from './clients/latchkey-client.js'
import { createWorkerSession } from './clients/worker-session.js'
import type { Exchange } from './model/exchange.js'
import type { Wire } from './wire.js'

/** What the page around this one takes hold of. */
export interface FramedApp {
  readonly client: Client
  onExchange(listener: (exchange: Exchange) => void): void
  onHeld(listener: (url: string) => void): void
  onEnd(listener: () => void): void
}

export const framedAppReady = 'framed-app-ready'

declare global {
  interface Window {
    framedApp?: FramedApp
  }
}

/** An app in a frame, with a session of its own: a page that a scene can reload without losing itself. */
export async function startFramedApp(side: WorkerSideName, wire: Wire): Promise<void> {
  const session = createWorkerSession(side, document.baseURI)
  await session.ready
  window.framedApp = {
    client: createLatchkeyClient(session, 'headers', side),
    onExchange: wire.listen,
    onHeld: (listener) => void session.on((event) => event.type === 'request-held' && listener(event.url)),
    onEnd: (listener) => void session.on((event) => event.type === 'expired' && listener()),
  }
  window.parent.postMessage(framedAppReady, location.origin)
}

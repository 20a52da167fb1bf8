import { fieldOf } from '../core/own-fields.js'

/** Whether this is a service worker, which sees neither cookies nor localStorage. */
export const isServiceWorker = (): boolean => fieldOf(globalThis, 'ServiceWorkerGlobalScope') !== undefined

import { isObject } from '../core/own-fields.js'
import type { SessionOptions } from '../index.js'
import { aFunction, anything, checkOptions, milliseconds, origins } from './check-options.js'

/** What the option `refresh` takes. */
export const refreshRule =
  'createSession: refresh takes the protocol of your server: headerPair({ url }), jsonRefresh, jsonPair, bearerRefresh, cookie, oauth2 or another function of latchkey/servers. Or it takes an endpoint object with url and send, or a function that makes the call'

const isStore = (value: unknown): boolean =>
  isObject(value) && ['read', 'write'].every((method) => typeof Reflect.get(value, method) === 'function')

/** Throws a `TypeError` for an option of `createSession` that cannot be meant. */
export function checkSessionOptions(options: SessionOptions): void {
  checkOptions('createSession', options, {
    refresh: anything,
    store: [
      (value) => typeof value === 'function' || isStore(value),
      "a store, such as memoryStore() or webStorageStore('local'), or a function that makes one",
    ],
    name: [(value) => typeof value === 'string' && value !== '', 'a string that is not empty'],
    allowedOrigins: origins,
    refreshTimeoutMs: milliseconds(1),
    refreshAheadMs: milliseconds(0),
    isExpired: aFunction,
    handOver: aFunction,
    debug: [
      (value) => typeof value === 'boolean' || typeof value === 'function',
      'true, false or a function',
    ],
  })
}

/** Throws a `TypeError` for what the function in the option `store` returned. */
export function checkStore(store: unknown): void {
  if (!isStore(store)) {
    throw new TypeError('createSession: the function in store must return an object with read() and write()')
  }
}

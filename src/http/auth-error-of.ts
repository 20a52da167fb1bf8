import { type AuthError, isAuthError } from '../core/errors.js'
import { isObject } from '../core/own-fields.js'

/** Registered, so that two copies of the library on a page understand each other. */
const key = /* @__PURE__ */ Symbol.for('latchkey.reason')
/** Errors may be wrapped; a chain that is longer is no chain of causes. */
const mostCauses = 9

/** Attaches the reason why there is no better reply. */
export function explainReply(response: object, reason: AuthError): void {
  Object.defineProperty(response, key, { value: reason, configurable: true })
}

/**
 * The `AuthError` behind what a request came to: an error, a cancellation, or a refused response that was not sent again
 * with a new token; `undefined` for anything else. Ask it of the response itself: a `clone()` does not have it.
 */
export function authErrorOf(failed: unknown): AuthError | undefined {
  for (let each = failed, left = mostCauses; isObject(each) && left > 0; left--) {
    const reason: unknown = isAuthError(each) ? each : Reflect.get(each, key)
    if (isAuthError(reason)) return reason
    each = Reflect.get(each, 'cause')
  }
  return undefined
}

/** Whether what was asked for is no longer wanted, because its user is gone: no failure that trying again would cure. */
export const isUserGone = ({ code }: AuthError): boolean => code === 'SESSION_CHANGED' || code === 'DISPOSED'

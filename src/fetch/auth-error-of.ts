import { type AuthError, isAuthError } from '../core/errors.js'

/** Registered, so that two copies of the library on a page understand each other. */
const key = /* @__PURE__ */ Symbol.for('latchkey.reason')

export function explainReply(response: Response, reason: AuthError): void {
  Object.defineProperty(response, key, { value: reason, configurable: true })
}

/**
 * Why a refused request was not sent again with a new token; `undefined` for any other response. Ask it of the response
 * itself: a `clone()` does not have it.
 */
export function authErrorOf(response: Response): AuthError | undefined {
  const reason: unknown = Reflect.get(Object(response), key)
  return isAuthError(reason) ? reason : undefined
}

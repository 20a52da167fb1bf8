import { fieldOf } from '../core/own-fields.js'
import type { RefreshEndpoint } from '../http/refresh-endpoint.js'
import { aFunction, anything, checkOptions, type OptionRule, oneOf, yesOrNo } from './check-options.js'

export const urlRule =
  'a path, or an https URL without a user, a password and a fragment (http only for localhost, or for the origin of an http page)'

const silentStart: OptionRule = [
  (value) =>
    typeof value === 'boolean' ||
    ['isAllowed', 'allow'].every((method) => typeof fieldOf(value, method) === 'function'),
  'true or false, or an object with isAllowed() and allow()',
]

/** Throws a `TypeError` for a field of an endpoint that cannot be meant. */
export function checkEndpointOptions(endpoint: RefreshEndpoint): void {
  checkOptions<RefreshEndpoint>('refresh', endpoint, {
    url: anything,
    method: oneOf('POST', 'GET'),
    send: aFunction,
    credentials: oneOf('include', 'same-origin', 'omit'),
    timing: oneOf('any', 'before-expiry', 'after-expiry'),
    parse: aFunction,
    classify: aFunction,
    isExpired: aFunction,
    onReply: aFunction,
    signOut: aFunction,
    authorize: aFunction,
    withCredentials: yesOrNo,
    silentStart,
    fetch: aFunction,
  })
}

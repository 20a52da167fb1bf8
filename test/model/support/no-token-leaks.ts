import { apiOrigin } from './api.js'
import { sentinel } from './auth-server.js'
import type { CreateWatch } from './watch.js'

/** Whether a value, anything it holds or anything it was caused by has a token in it. */
function holdsToken(value: unknown, seen: Set<unknown> = new Set()): boolean {
  if (typeof value === 'string') return value.includes(sentinel)
  if (typeof value !== 'object' || value === null || seen.has(value)) return false
  seen.add(value)
  return Reflect.ownKeys(value).some((key) => holdsToken(Reflect.get(value, key), seen))
}

/** No token goes to an origin that is not allowed, into a URL, an event, a channel message, the state or an error. */
export const noTokenLeaks: CreateWatch = (_world, report) => ({
  hear(happening) {
    const { type } = happening
    const check = (what: string, value: unknown): void => {
      if (holdsToken(value)) report(`6: a token in ${what} of ${happening.tab?.name}`)
    }
    if (type === 'told') check('an event', happening.event)
    if (type === 'shown') check('the state', happening.state)
    if (type === 'posted') check('a message', happening.message)
    if (type === 'request-sent') {
      const { url, sends } = happening.request
      if (new URL(url).origin !== apiOrigin && sends.at(-1) !== null) report(`6: a token went to ${url}`)
    }
    if (type === 'request-settled') check('the outcome of a request', happening.request.outcome)
    if (type === 'call-settled' && happening.call.outcome && 'error' in happening.call.outcome)
      check('the error of a call', happening.call.outcome)
    if (type === 'refresh-answered' && happening.call.outcome && 'error' in happening.call.outcome)
      check('the verdict on a refresh', happening.call.outcome.error)
  },
})

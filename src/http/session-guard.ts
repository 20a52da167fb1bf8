import type { Session } from '../core/session-contract.js'
import type { RequestGuard } from './request-guard.js'

/** Where a session keeps its guard; registered, so that two copies of the library on a page understand each other. */
const guardKey = Symbol.for('latchkey.guard')

export function attachGuard(session: object, guard: RequestGuard): void {
  Object.defineProperty(session, guardKey, { value: guard })
}

/** Throws a `TypeError` for anything that `createSession` did not make. */
export function guardOf<Claims>(session: Session<Claims>): RequestGuard {
  const guard = (session as { [guardKey]?: RequestGuard } | undefined)?.[guardKey]
  if (!guard) throw new TypeError('Expected a session made by createSession')
  return guard
}

import type { Environment } from '../core/environment.js'
import type { RequestGate } from '../core/request-gate.js'
import type { Session } from '../core/session-contract.js'
import type { RequestGuard } from './request-guard.js'

/** Where a session keeps its guard; registered, so that two copies of the library on a page understand each other. */
const guardKey = Symbol.for('latchkey.guard')

/** What the parts of the library see of a session. */
export interface Connection extends RequestGuard {
  gate: RequestGate
  environment: Environment
}

export function attachGuard(session: object, connection: Connection): void {
  Object.defineProperty(session, guardKey, { value: connection })
}

/** Throws a `TypeError` for anything that `createSession` did not make. */
export function guardOf<Claims>(session: Session<Claims>): Connection {
  const guard = (session as { [guardKey]?: Connection } | undefined)?.[guardKey]
  if (!guard) throw new TypeError('Expected a session made by createSession')
  return guard
}

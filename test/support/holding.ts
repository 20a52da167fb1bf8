import { onTestFinished } from 'vitest'
import type { Call, Responder } from './backend.js'
import { deferred } from './deferred.js'

/** A responder that keeps its callers waiting until the test lets them go. */
export interface Holding {
  respond: Responder
  /** Resolves when the first caller is there. */
  arrived: Promise<Call>
  release(): void
}

export function holding(respond: Responder): Holding {
  const arrival = deferred<Call>()
  const gate = deferred<void>()
  onTestFinished(() => gate.resolve())
  return {
    async respond(call) {
      arrival.resolve(call)
      await gate.promise
      return respond(call)
    },
    arrived: arrival.promise,
    release: () => gate.resolve(),
  }
}

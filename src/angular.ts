/**
 * A session in Angular. Start with {@link provideSession}.
 *
 * @module
 */
import type { HttpInterceptorFn } from '@angular/common/http'
import {
  type EnvironmentProviders,
  InjectionToken,
  inject,
  makeEnvironmentProviders,
  type Signal,
} from '@angular/core'
import { createAngularClient } from './angular/angular-client.js'
import { send } from './angular/send.js'
import { followSession } from './angular/session-signal.js'
import type { JwtClaims } from './core/jwt.js'
import type { Session } from './core/session.js'
import type { SessionState } from './core/state.js'
import { clientPolicy, connectionOf } from './http/connection.js'

export { LATCHKEY } from './angular/angular-client.js'
export type { LatchkeyRequestOptions } from './http/http-client.js'

const provided = /* @__PURE__ */ new InjectionToken<{
  state: Signal<SessionState<never>>
  intercept: HttpInterceptorFn
}>('latchkey')

function injectProvided() {
  const found = inject(provided, { optional: true })
  if (!found) throw new TypeError('There is no session: add provideSession(session) to the providers')
  return found
}

/**
 * Gives the application its session, for {@link injectSession} and {@link sessionInterceptor}. The token goes to the page's
 * own origin, to that of the refresh endpoint, and to the session's `allowedOrigins`.
 */
export function provideSession<Claims>(session: Session<Claims>): EnvironmentProviders {
  const connection = connectionOf(session)
  const policy = clientPolicy(connection, {}, false)
  const client = createAngularClient(policy)
  const { signal } = connection
  const owners = new WeakMap()
  const intercept: HttpInterceptorFn = (request, next) =>
    signal.aborted ? next(request) : send(request, next, connection, policy, client, owners)
  const useFactory = () => ({ state: followSession(session), intercept })
  return makeEnvironmentProviders([{ provide: provided, useFactory }])
}

/** The state of the session, as a signal. On a server it is `loading`. */
export const injectSession = <Claims = JwtClaims>(): Signal<SessionState<Claims>> => injectProvided().state

/**
 * Makes HttpClient stay signed in: `provideHttpClient(withInterceptors([…, sessionInterceptor]))`. The last of them sees
 * where a request really goes.
 */
export const sessionInterceptor: HttpInterceptorFn = (request, next) =>
  injectProvided().intercept(request, next)

import { isPlatformServer } from '@angular/common'
import { DestroyRef, inject, NgZone, PLATFORM_ID, type Signal, signal } from '@angular/core'
import type { Session } from '../core/session.js'
import type { SessionState } from '../core/state.js'
import { serverState } from '../core/state.js'

/** The state of `session` until the injector that this is called in is destroyed. */
export function followSession<Claims>(session: Session<Claims>): Signal<SessionState<Claims>> {
  const isServer = isPlatformServer(inject(PLATFORM_ID))
  const state = signal<SessionState<Claims>>(isServer ? serverState : session.state)
  if (isServer) return state
  // Where Angular relies on Zone.js, it does not notice changes outside of its zone.
  const zone = inject(NgZone)
  inject(DestroyRef).onDestroy(session.subscribe((next) => zone.run(() => state.set(next))))
  return state.asReadonly()
}

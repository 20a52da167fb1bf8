import { HttpContext, type HttpInterceptorFn } from '@angular/common/http'
import type { EnvironmentProviders, Signal } from '@angular/core'
import { expectTypeOf } from 'vitest'
import { injectSession, LATCHKEY, provideSession, sessionInterceptor } from '../../src/angular.js'
import type { JwtClaims, Session, SessionState } from '../../src/index.js'
import type { AnyIn, AnyInCalls } from './any-in.js'

declare const ours: Session<{ sub: string }>

expectTypeOf<AnyIn<typeof import('../../src/angular.js')>>().toBeNever()
expectTypeOf<AnyInCalls<typeof import('../../src/angular.js')>>().toBeNever()
expectTypeOf(provideSession(ours)).toEqualTypeOf<EnvironmentProviders>()
expectTypeOf(sessionInterceptor).toEqualTypeOf<HttpInterceptorFn>()
expectTypeOf(injectSession()).toEqualTypeOf<Signal<SessionState<JwtClaims>>>()
expectTypeOf(injectSession<{ sub: string }>()).toEqualTypeOf<Signal<SessionState<{ sub: string }>>>()
new HttpContext().set(LATCHKEY, false).set(LATCHKEY, { attach: false })
// @ts-expect-error: there is no such option
new HttpContext().set(LATCHKEY, { retry: false })

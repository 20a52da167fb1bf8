import { expectTypeOf } from 'vitest'
import { createApp, type Plugin } from 'vue'
import type { JwtClaims, Session, SessionState } from '../../src/index.js'
import { sessionPlugin, useSession } from '../../src/vue.js'
import type { AnyIn, AnyInCalls } from './any-in.js'

declare const session: Session
declare const ours: Session<{ sub: string }>

expectTypeOf<AnyIn<typeof import('../../src/vue.js')>>().toBeNever()
expectTypeOf<AnyInCalls<typeof import('../../src/vue.js')>>().toBeNever()
expectTypeOf(useSession().value).toEqualTypeOf<SessionState<JwtClaims>>()
expectTypeOf(useSession<{ sub: string }>().value).toEqualTypeOf<SessionState<{ sub: string }>>()
expectTypeOf(useSession(ours).value).toEqualTypeOf<SessionState<{ sub: string }>>()
expectTypeOf(sessionPlugin(ours)).toEqualTypeOf<Plugin>()
createApp({}).use(sessionPlugin(session))
// @ts-expect-error: the state is not written to
useSession().value = { status: 'loading' }

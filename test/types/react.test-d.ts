import { expectTypeOf } from 'vitest'
import type { JwtClaims, Session, SessionState } from '../../src/index.js'
import { useSession } from '../../src/react.js'
import type { AnyIn, AnyInCalls } from './any-in.js'

declare const session: Session
declare const ours: Session<{ sub: string }>

expectTypeOf<AnyIn<typeof import('../../src/react.js')>>().toBeNever()
expectTypeOf<AnyInCalls<typeof import('../../src/react.js')>>().toBeNever()
expectTypeOf(useSession(session)).toEqualTypeOf<SessionState<JwtClaims>>()
expectTypeOf(useSession(ours)).toEqualTypeOf<SessionState<{ sub: string }>>()
// @ts-expect-error: there is no session to be found by itself
useSession()

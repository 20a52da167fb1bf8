import { expectTypeOf } from 'vitest'
import type { JwtClaims, Session, TokenSet } from '../../src/index.js'
import { createManualClock, createTestServer, createTestSession, makeJwt } from '../../src/testing.js'
import type { AnyIn, AnyInCalls } from './any-in.js'

expectTypeOf<AnyIn<typeof import('../../src/testing.js')>>().toBeNever()
expectTypeOf<AnyInCalls<typeof import('../../src/testing.js')>>().toBeNever()

// A session like any other, with the claims of the app.
expectTypeOf(createTestSession()).resolves.toEqualTypeOf<Session<JwtClaims>>()
const session = createTestSession<{ name: string }>({ claims: { name: 'Ada' }, clock: createManualClock() })
expectTypeOf(session).resolves.toEqualTypeOf<Session<{ name: string }>>()
// @ts-expect-error: not a claim of the app
createTestSession<{ name: string }>({ claims: { nmae: 'Ada' } })
// @ts-expect-error: there is no such option
createTestSession({ user: 'Ada' })

// The app's own resolvers keep what msw hands them.
const server = createTestServer({ protocol: 'form' })
interface Info {
  request: Request
  params: { id: string }
}
const item = server.protect(({ params }: Info) => new Response(params.id))
expectTypeOf(item).parameter(0).toEqualTypeOf<Info>()
expectTypeOf(server.refresh).toBeCallableWith({ request: new Request('https://app.test/') })
expectTypeOf(server.signIn({ sub: 'ada' })).toEqualTypeOf<TokenSet>()
expectTypeOf(makeJwt({ sub: 'ada' })).toBeString()
// @ts-expect-error: no such protocol
createTestServer({ protocol: 'soap' })

import { expectTypeOf } from 'vitest'
import {
  authErrorOf,
  type Fetch,
  type LatchkeyRequestOptions,
  type WithSessionOptions,
  withSession,
} from '../../src/fetch.js'
import type { AuthError, Session } from '../../src/index.js'
import type { AnyIn, AnyInCalls } from './any-in.js'

declare const session: Session
declare const ours: Session<{ sub: string }>

expectTypeOf<AnyIn<typeof import('../../src/fetch.js')>>().toBeNever()
expectTypeOf<AnyInCalls<typeof import('../../src/fetch.js')>>().toBeNever()
expectTypeOf<WithSessionOptions>().toEqualTypeOf<{ allowedOrigins?: string[] }>()

// What comes back goes wherever a fetch goes.
const api = withSession(fetch, session)
expectTypeOf(api).toEqualTypeOf<Fetch>()
expectTypeOf(api).toExtend<typeof fetch>()
expectTypeOf(api('/me')).resolves.toEqualTypeOf<Response>()
api(new URL('https://api.example.com/me'), { method: 'POST', body: new FormData() })
api(new Request('https://api.example.com/me'))
withSession(api, ours, { allowedOrigins: ['https://api.example.com'] })
// @ts-expect-error: a session is no option
withSession(fetch)
// @ts-expect-error: there is no such option
withSession(fetch, session, { origins: [] })

// What a request may say for itself.
api('/me', { latchkey: false })
api('/me', { latchkey: { attach: false, refresh: false } })
expectTypeOf<LatchkeyRequestOptions>().toEqualTypeOf<{
  attach?: boolean
  refresh?: boolean
  session?: string
}>()
// @ts-expect-error: `true` is the default, and not said
api('/me', { latchkey: true })
// @ts-expect-error: there is no such option
api('/me', { latchkey: { retry: false } })

expectTypeOf(authErrorOf).toEqualTypeOf<(failed: unknown) => AuthError | undefined>()

import { expectTypeOf } from 'vitest'
import {
  type AuthError,
  type AuthErrorCode,
  createSession,
  indexedDbStore,
  isAuthError,
  type JwtClaims,
  keepFresh,
  memoryStore,
  type RefreshEndpoint,
  type RefreshFunction,
  type RefreshRequest,
  type RequestTarget,
  type Session,
  type SessionEvent,
  type SessionOptions,
  type SessionState,
  type StoredTokens,
  shouldRetry,
  type TokenSet,
  type TokenStore,
  webStorageStore,
} from '../../src/index.js'
import { headerPair } from '../../src/servers.js'
import type { AnyIn, AnyInCalls } from './any-in.js'

// Nothing that is exported is `any`, nor is any member of a session or of what it is created from.
expectTypeOf<AnyIn<typeof import('../../src/index.js')>>().toBeNever()
expectTypeOf<AnyInCalls<typeof import('../../src/index.js')>>().toBeNever()
expectTypeOf<AnyIn<Session>>().toBeNever()
expectTypeOf<AnyIn<Required<SessionOptions>>>().toBeNever()
expectTypeOf<AnyIn<Required<RefreshEndpoint>>>().toBeNever()
expectTypeOf<AnyIn<Required<TokenStore>>>().toBeNever()
expectTypeOf<AnyIn<StoredTokens>>().toBeNever()
expectTypeOf<AnyIn<AuthError>>().toEqualTypeOf<never>()
expectTypeOf<AnyIn<{ found: ReturnType<typeof JSON.parse> }>>().toEqualTypeOf<'found'>()
expectTypeOf<AnyInCalls<typeof JSON>>().toEqualTypeOf<'parse' | 'stringify'>()
expectTypeOf<AnyInCalls<Session>>().toBeNever()

// createSession: the claims are those of a JWT, or what the app says.
interface OurClaims {
  sub: string
  role: 'reader' | 'editor'
}
const refresh = headerPair({ url: '/auth/refresh' })
const session = createSession({ refresh })
const ours = createSession<OurClaims>({ refresh })
expectTypeOf(session).toEqualTypeOf<Session<JwtClaims>>()
expectTypeOf(ours).toEqualTypeOf<Session<OurClaims>>()
expectTypeOf(createSession).parameter(0).toEqualTypeOf<SessionOptions>()
createSession({ refresh: { url: new URL('https://api.example.com/refresh'), send: () => null } })
createSession({ refresh, store: memoryStore(), refreshTimeoutMs: 5000 })
// @ts-expect-error: the refresh cannot be left out
createSession({})
// @ts-expect-error: a URL says nothing of the protocol
createSession({ refresh: '/auth/refresh' })
// @ts-expect-error: nor does a URL object
createSession({ refresh: new URL('https://api.example.com/refresh') })
// @ts-expect-error: nor does an endpoint that is a URL alone
createSession({ refresh: { url: '/auth/refresh' } })
// @ts-expect-error: protocols are functions
createSession({ refresh: { url: '/auth/refresh', send: 'json' } })
// @ts-expect-error: there is no such option
createSession({ refresh, storage: memoryStore() })
// @ts-expect-error: stores are functions
createSession({ refresh, store: 'local' })
// @ts-expect-error: milliseconds are a number
createSession({ refresh, refreshTimeoutMs: '5s' })
// @ts-expect-error: the tokens are part of the reply
createSession({ refresh: async () => ({ refreshToken: 'r' }) })

// The state: claims can be read after a look at the status alone.
expectTypeOf(session.state).toEqualTypeOf<SessionState<JwtClaims>>()
expectTypeOf<SessionState['status']>().toEqualTypeOf<'loading' | 'signed-out' | 'signed-in'>()
// @ts-expect-error: nobody may be signed in
session.state.claims
const { state } = ours
if (state.status === 'signed-in') {
  expectTypeOf(state.claims).toEqualTypeOf<OurClaims | null>()
  expectTypeOf(state.expiresAt).toEqualTypeOf<number | null>()
  expectTypeOf(state.refreshing).toEqualTypeOf<boolean>()
  // @ts-expect-error: a snapshot is not written to
  state.refreshing = true
}
if (state.status === 'signed-out') {
  expectTypeOf(state.reason).toEqualTypeOf<'none' | 'signed-out' | 'expired'>()
}

// The methods.
expectTypeOf(session.ready).toEqualTypeOf<Promise<void>>()
expectTypeOf(session.getAccessToken()).resolves.toEqualTypeOf<string | null>()
expectTypeOf(session.refresh()).resolves.toEqualTypeOf<string>()
expectTypeOf(session.signOut()).resolves.toEqualTypeOf<void>()
expectTypeOf(session.subscribe).returns.toEqualTypeOf<() => void>()
expectTypeOf(session.subscribe).parameter(0).parameter(0).toEqualTypeOf<SessionState<JwtClaims>>()
expectTypeOf(session.on).parameter(0).parameter(0).toEqualTypeOf<SessionEvent>()
expectTypeOf<TokenSet>().toMatchTypeOf<Parameters<Session['setTokens']>[0]>()
interface Envelope {
  success: boolean
  data: { accessToken: string }
}
expectTypeOf<Envelope>().toMatchTypeOf<Parameters<Session['setTokens']>[0]>()
expectTypeOf<{ result: { jwt: string } }>().toMatchTypeOf<Parameters<Session['setTokens']>[0]>()
expectTypeOf<{ data: unknown; status: number; headers: object }>().toMatchTypeOf<
  Parameters<Session['setTokens']>[0]
>()
// @ts-expect-error: a token is a string
session.setTokens({ accessToken: 7 })
// @ts-expect-error: nothing is not a reply
session.setTokens(undefined)
session.setTokens({ accessToken: 'a' }, { remember: false })
// @ts-expect-error: remember is yes or no
session.setTokens({ accessToken: 'a' }, { remember: 'no' })
expectTypeOf<TokenSet>().toEqualTypeOf<{ accessToken: string; refreshToken?: string; expiresIn?: number }>()

// Events: what an event has depends on its type.
session.on((event) => {
  expectTypeOf(event.at).toEqualTypeOf<number>()
  if (event.type === 'request-held') {
    expectTypeOf(event.reason).toEqualTypeOf<'loading' | 'expired' | 'refused'>()
    expectTypeOf(event.url).toEqualTypeOf<string>()
  }
  if (event.type === 'refresh-failed') expectTypeOf(event.code).toEqualTypeOf<AuthErrorCode>()
  // @ts-expect-error: a sign-in has no address
  if (event.type === 'signed-in') event.url
})

// Errors.
const thrown: unknown = undefined
if (isAuthError(thrown)) expectTypeOf(thrown).toEqualTypeOf<AuthError>()
expectTypeOf<AuthErrorCode>().extract<'SESSION_EXPIRED'>().toEqualTypeOf<'SESSION_EXPIRED'>()
expectTypeOf<'NO_SUCH_CODE'>().not.toMatchTypeOf<AuthErrorCode>()
// @ts-expect-error: there is no such code
isAuthError(thrown, 'NO_SUCH_CODE')
expectTypeOf(shouldRetry).toEqualTypeOf<(failureCount: number, error: unknown) => boolean>()

// Stores, those of the library and those of the app.
for (const store of [memoryStore(), indexedDbStore('name'), webStorageStore('local', 'name')]) {
  expectTypeOf(store).toMatchTypeOf<TokenStore>()
}
expectTypeOf<{
  read(): Promise<StoredTokens | null>
  write(tokens: StoredTokens | null): Promise<void>
}>().toMatchTypeOf<TokenStore>()
// Without a name they are functions of the session's name, and the option takes either.
for (const store of [indexedDbStore(), webStorageStore('session')]) {
  expectTypeOf(store).toEqualTypeOf<(name: string) => TokenStore>()
}
expectTypeOf<SessionOptions['store']>().toEqualTypeOf<
  TokenStore | ((name: string) => TokenStore) | undefined
>()
createSession({ refresh, store: webStorageStore('session') })
// @ts-expect-error: there is no such storage
webStorageStore('cookie')

// keepFresh takes any session, and returns what stops it.
expectTypeOf(keepFresh(ours)).toEqualTypeOf<() => void>()
// @ts-expect-error: the state is no session
keepFresh(ours.state)

// Endpoints and functions.
expectTypeOf<RefreshEndpoint['send']>().toEqualTypeOf<(tokens: TokenSet) => RefreshRequest | null>()
expectTypeOf<RequestTarget>().toEqualTypeOf<{ method: string; url: string }>()
expectTypeOf<NonNullable<RefreshEndpoint['authorize']>>().parameters.toEqualTypeOf<[string, RequestTarget]>()
expectTypeOf<NonNullable<RefreshEndpoint['onReply']>>().returns.toEqualTypeOf<
  TokenSet | 'again' | null | undefined
>()
expectTypeOf<NonNullable<RefreshEndpoint['signOut']>>().parameters.toEqualTypeOf<[TokenSet]>()
expectTypeOf<RefreshFunction>().parameter(0).toMatchTypeOf<{ tokens: TokenSet; signal: AbortSignal }>()

import { expectTypeOf } from 'vitest'
import { createSession, type RefreshEndpoint } from '../../src/index.js'
import * as servers from '../../src/servers.js'
import type { AnyIn, AnyInCalls } from './any-in.js'

expectTypeOf<AnyIn<typeof servers>>().toBeNever()
expectTypeOf<AnyInCalls<typeof servers>>().toBeNever()

// Each makes what `refresh` takes; what is spread over it is checked as well.
type Named = Exclude<keyof typeof servers, 'accessTokenHeader' | 'tokensAt' | 'tokensInHeaders'>
expectTypeOf<ReturnType<(typeof servers)[Named]>>().toExtend<RefreshEndpoint>()
createSession({ refresh: { ...servers.ginJwt({ url: '/auth/refresh_token' }), method: 'POST' } })
// @ts-expect-error: there is no such method
createSession({ refresh: { ...servers.ginJwt({ url: '/auth/refresh_token' }), method: 'PUT' } })
// @ts-expect-error: the URL cannot be left out
servers.simpleJwt({})
// @ts-expect-error: there is no such option
servers.simpleJwt({ url: '/token/refresh/', rotate: true })

// A sign-out is a URL or a call of its own for a protocol, and a function in what it makes.
servers.headerPair({ url: '/auth/refresh', signOut: '/auth/logout' })
servers.oauth2({ url: '/token', clientId: 'spa', dpop: true, signOut: { url: '/me', method: 'DELETE' } })
expectTypeOf<servers.SignOutEndpoint>().toExtend<servers.ServerOptions['signOut']>()
// @ts-expect-error: there is no such method
servers.headerPair({ url: '/auth/refresh', signOut: { url: '/auth/logout', method: 'PUT' } })
// @ts-expect-error: an endpoint has no URL for it
createSession({ refresh: { ...servers.headerPair({ url: '/auth/refresh' }), signOut: '/auth/logout' } })

// Readers take a reply to tokens, or to none.
const endpoint: RefreshEndpoint = {
  url: '/auth/refresh',
  send: () => null,
  parse: servers.tokensAt({ accessToken: 'result.jwt' }),
}
createSession({ refresh: { ...endpoint, parse: servers.tokensInHeaders({ accessToken: 'X-Access' }) } })

/**
 * The refresh protocols of common servers: each function makes the `refresh` of a session. Use the one that is named after
 * your server, or a general one: {@link headerPair}, {@link jsonRefresh}, {@link jsonPair}, {@link bearerRefresh},
 * {@link cookie} or {@link oauth2}. Where none fits, describe your own with {@link tokensAt}.
 *
 * @module
 */

export type { TokenNames } from './http/refresh-reply.js'
export { accessTokenHeader } from './servers/access-token-header.js'
export { aspnetIdentity } from './servers/aspnet-identity.js'
export { aspnetPair } from './servers/aspnet-pair.js'
export { bearerRefresh } from './servers/bearer-refresh.js'
export { type CognitoOptions, cognito } from './servers/cognito.js'
export { type CookieOptions, cookie } from './servers/cookie.js'
export { directus } from './servers/directus.js'
export { fastapi } from './servers/fastapi.js'
export { fastapiJwtAuth } from './servers/fastapi-jwt-auth.js'
export { firebase } from './servers/firebase.js'
export { flaskJwtExtended } from './servers/flask-jwt-extended.js'
export { ginJwt } from './servers/gin-jwt.js'
export { ginJwtV3 } from './servers/gin-jwt-v3.js'
export { type HeaderPairOptions, headerPair } from './servers/header-pair.js'
export { jsonPair } from './servers/json-pair.js'
export { type JsonOptions, jsonRefresh } from './servers/json-refresh.js'
export { type LaravelJwtOptions, laravelJwt } from './servers/laravel-jwt.js'
export { nestBearer } from './servers/nest-bearer.js'
export { type OAuth2Options, oauth2 } from './servers/oauth2.js'
export { railsJwtSessions } from './servers/rails-jwt-sessions.js'
export type {
  NamedServerOptions,
  OneTokenServerOptions,
  PairServerOptions,
  ServerOptions,
} from './servers/server-options.js'
export type { SignOutEndpoint } from './servers/sign-out-endpoint.js'
export { simpleJwt } from './servers/simple-jwt.js'
export {
  type SpringAuthorizationRefreshOptions,
  springAuthorizationRefresh,
} from './servers/spring-authorization-refresh.js'
export { type SpringReissueOptions, springReissue } from './servers/spring-reissue.js'
export { strapi } from './servers/strapi.js'
export { type SupabaseOptions, supabase } from './servers/supabase.js'
export { type TokenPlaces, type TokenReader, tokensAt } from './servers/tokens-at.js'
export { tokensInHeaders } from './servers/tokens-in-headers.js'
export { type XRefreshTokenOptions, xRefreshToken } from './servers/x-refresh-token.js'

import type { TokenNames } from '../http/refresh-reply.js'
import type { SignOutEndpoint } from './sign-out-endpoint.js'

/** The options of every protocol. Others are added by spreading: `{ ...simpleJwt({ url }), timing: 'before-expiry' }`. */
export interface ServerOptions {
  /** URL of the refresh endpoint: https, or http on this machine; relative to the page where it is no full URL. */
  url: string | URL
  /** Called when the user signs out; nobody waits for it. A URL gets the request of a refresh, by POST. */
  signOut?: string | URL | SignOutEndpoint
}

export interface NamedServerOptions extends ServerOptions {
  /** Names of the tokens, where the server uses others. */
  names?: TokenNames
}

/** For servers whose replies may name the tokens otherwise than their requests. */
export interface PairServerOptions extends NamedServerOptions {
  /** Names of the tokens in replies, where they are others than in the request: `{ accessToken: 'token' }`. */
  replyNames?: TokenNames
}

/** For servers that hand the page no refresh token. */
export interface OneTokenServerOptions extends ServerOptions {
  /** Name of the access token, where the server uses another. */
  names?: Pick<TokenNames, 'accessToken'>
}

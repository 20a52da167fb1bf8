/** What errors say in the development build, by code and by the few words of the production build. */
const errors: Readonly<Record<string, string>> = {
  SESSION_EXPIRED: 'Nobody is signed in, or the session has expired. Ask the user to sign in',
  'SESSION_EXPIRED: refused': 'The server refused the refresh token',
  SESSION_CHANGED: 'The user signed out, or another one signed in, while the call waited',
  'REFRESH_FAILED: offline': 'There is no network',
  'REFRESH_FAILED: backoff': 'The auth server asked for quiet',
  'REFRESH_FAILED: unreachable': 'The refresh endpoint could not be reached: no network, CORS, or a redirect',
  'REFRESH_FAILED: too long': 'The refresh reply is longer than 1048576 bytes',
  'REFRESH_FAILED: broken off': 'The refresh reply broke off',
  'REFRESH_FAILED: unusable': 'The refresh reply cannot be used',
  'REFRESH_FAILED: no token': 'The refresh brought no token',
  'REFRESH_FAILED: spent': 'Another tab has used the refresh token, and could not store the new one',
  'REFRESH_FAILED: rejected': 'The refresh function rejected',
  'REFRESH_FAILED: DPoP': 'The code for DPoP could not be loaded',
  REFRESH_TIMEOUT: 'The refresh endpoint gave no answer in time',
  'REFRESH_REFUSED: request': 'The refresh request cannot be made',
  'REFRESH_REFUSED: refused': 'The refresh request was refused. Compare it with what the server expects',
  'REFRESH_REFUSED: authorize': 'The hook authorize of the refresh endpoint threw',
  'REFRESH_REFUSED: no refresh token': 'There is no refresh token',
  'REFRESH_REFUSED: token_type': 'The token_type of the reply is not the one that was asked for',
  'REFRESH_REFUSED: DPoP': 'DPoP needs a secure context (https), since only there can a key be made',
  LOCK_TIMEOUT: 'Another tab kept the refresh lock',
  'INVALID_TOKENS: no tokens': 'The reply holds no tokens',
  'INVALID_OPTIONS: minValidityMs': 'minValidityMs takes a number of milliseconds, 0 or more',
  'INVALID_OPTIONS: remember':
    'remember: false takes a store that can forget, in a page: createSession({ store: rememberMeStore(), … })',
  UNSAFE_URL: 'The URL of the request holds a user name or a password',
  DISPOSED: 'The session was disposed of',
}

/** What warnings say in the development build, by code. */
const warnings: Readonly<Record<string, string>> = {
  REFRESH_NOT_DUE:
    'The auth server says that the access token has not expired: look at timing, or at the clocks',
  SILENT_START_FAILED: 'Whether a cookie still holds a session could not be found out',
  IS_EXPIRED_THREW: 'The option isExpired threw',
  LISTENER_THREW: 'A listener of session.subscribe threw',
  SIGN_OUT_NOT_TOLD: 'The server was not told of the sign-out',
}

/** The sentence of an error; `detail` follows a colon. */
export function sentenceOf(code: string, what: string, detail?: string): string {
  const sentence = errors[what ? `${code}: ${what}` : code] ?? what
  return detail === undefined ? sentence : `${sentence}: ${detail}`
}

export const warningSentenceOf = (code: string): string => warnings[code] ?? code

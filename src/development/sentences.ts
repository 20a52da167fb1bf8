/** What errors say in the development build, by code and by the few words of the production build. */
const errors: Readonly<Record<string, string>> = {
  SESSION_EXPIRED: 'Nobody is signed in, or the session has expired. Ask the user to sign in',
  'SESSION_EXPIRED: refused': 'The server refused the refresh token',
  SESSION_CHANGED: 'The user signed out, or another user signed in, while the call waited',
  'REFRESH_FAILED: offline': 'The device is offline',
  'REFRESH_FAILED: backoff': 'The auth server asked to wait before the next refresh (Retry-After)',
  'REFRESH_FAILED: unreachable':
    'Latchkey could not reach the refresh endpoint: there is no network, CORS blocks the call, or the server redirects it',
  'REFRESH_FAILED: too long': 'The refresh reply is longer than 1048576 bytes',
  'REFRESH_FAILED: broken off': 'The refresh reply broke off: its JSON is not complete',
  'REFRESH_FAILED: unusable': 'Latchkey cannot use the tokens in the refresh reply',
  'REFRESH_FAILED: no token': 'The refresh reply contains no access token',
  'REFRESH_FAILED: spent': 'Another tab used the refresh token, but could not store the new one',
  'REFRESH_FAILED: rejected': 'Your refresh function rejected',
  'REFRESH_FAILED: DPoP': 'The browser could not load the code for DPoP',
  REFRESH_TIMEOUT: 'The refresh endpoint did not answer in time',
  'REFRESH_REFUSED: request':
    'The send function of the refresh endpoint threw, or made a request that cannot be sent',
  'REFRESH_REFUSED: refused':
    'The server refused the refresh request itself. Compare the request with what the server expects',
  'REFRESH_REFUSED: authorize': 'The authorize hook of the refresh endpoint threw',
  'REFRESH_REFUSED: no refresh token': 'The session has no refresh token. Pass it to setTokens',
  'REFRESH_REFUSED: token_type': 'The reply does not have the expected token_type',
  'REFRESH_REFUSED: DPoP': 'DPoP needs a secure context (https): only there can the browser make a key',
  LOCK_TIMEOUT: 'Another tab held the refresh lock for too long',
  'INVALID_TOKENS: no tokens': 'The reply contains no tokens',
  'INVALID_OPTIONS: minValidityMs': 'minValidityMs takes a number of milliseconds, 0 or more',
  'INVALID_OPTIONS: remember':
    'remember: false works in a page only, and needs a store that can forget: createSession({ store: rememberMeStore(), … })',
  UNSAFE_URL: 'The URL of the request contains a user name or a password',
  DISPOSED: 'The session was disposed of',
}

/** What warnings say in the development build, by code. */
const warnings: Readonly<Record<string, string>> = {
  REFRESH_NOT_DUE:
    'The auth server says that the access token has not expired yet. Check timing, and the clocks of server and device',
  SILENT_START_FAILED: 'Latchkey could not find out whether a cookie still holds a session',
  IS_EXPIRED_THREW: 'Your option isExpired threw',
  LISTENER_THREW: 'A listener of session.subscribe threw',
  SIGN_OUT_NOT_TOLD: 'The sign-out call failed, so the server still accepts the refresh token',
}

/** The sentence of an error; `detail` follows a colon. */
export function sentenceOf(code: string, what: string, detail?: string): string {
  const sentence = errors[what ? `${code}: ${what}` : code] ?? what
  return detail === undefined ? sentence : `${sentence}: ${detail}`
}

export const warningSentenceOf = (code: string): string => warnings[code] ?? code

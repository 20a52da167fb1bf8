/**
 * @typedef {object} Difference
 * @property {string[]} suites
 * @property {RegExp} test
 * @property {import('./run-suite.mjs').Mode[]} modes
 * @property {string} reason
 */

const axios = ['axios', 'axios-installed']
/** @type {Difference['modes']} */
const withToken = ['with a token', 'held', 'replayed']

/** What a guarded client is meant to do otherwise. @type {Difference[]} */
export const expected = [
  {
    suites: axios,
    test: /^static api > should expose create as a named export$/,
    modes: ['without tokens', ...withToken],
    reason: 'this very script replaces axios.create',
  },
  {
    suites: axios,
    test: /formDataHeaderPolicy is content-only$|should not pick up Object\.prototype\.auth/,
    modes: withToken,
    reason: 'it lists all headers, and there is one more: Authorization',
  },
  {
    suites: axios,
    test: /basic auth credentials from the request URL$|malformed URL credentials/,
    modes: withToken,
    reason: 'a URL of the API with a user or a password in it is refused: UNSAFE_URL',
  },
  {
    suites: axios,
    test: /non-enumerable cause on canceled fetch errors/,
    modes: ['held', 'replayed'],
    reason: 'it was aborted while it was held, so that fetch was never called',
  },
  {
    suites: ['axios-mock-adapter'],
    test: /can pass headers to match to a handler$/,
    modes: withToken,
    reason: 'it lists all headers, and there is one more: Authorization',
  },
]

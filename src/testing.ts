/**
 * For the tests of an app. Start with {@link createTestSession}, or with {@link createTestServer} where requests are mocked.
 *
 * @module
 */
export type { Clock } from './core/clock.js'
export { makeJwt, type TestClaims } from './testing/make-jwt.js'
export { createManualClock, type ManualClock } from './testing/manual-clock.js'
export {
  createTestServer,
  type Resolver,
  type TestServer,
  type TestServerOptions,
} from './testing/test-server.js'
export { createTestSession, type TestSessionOptions } from './testing/test-session.js'

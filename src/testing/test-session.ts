import { type Clock, systemClock } from '../core/clock.js'
import type { Environment } from '../core/environment.js'
import type { JwtClaims } from '../core/jwt.js'
import { fieldOf, isObject } from '../core/own-fields.js'
import { assembleSession, type Session } from '../core/session.js'
import { memoryStore } from '../core/token-store.js'
import { aFunction, checkOptions, origins, seconds, yesOrNo } from '../development/check-options.js'
import { connect } from '../http/connection.js'
import { checkOrigins } from '../http/origin-policy.js'
import { pageUrl } from '../http/page-url.js'
import type { RefreshFunction } from '../http/refresh-function.js'
import { readRefreshMethod } from '../http/refresh-method.js'
import { makeJwt, type TestClaims } from './make-jwt.js'

export interface TestSessionOptions<Claims = JwtClaims> {
  /** @default true where there are claims */
  signedIn?: boolean
  /** What `state.claims` shows. */
  claims?: Partial<Claims>
  /**
   * Lifetime of each access token, in seconds.
   *
   * @default 900
   */
  expiresIn?: number
  /** Stands in for the server: it may reject, to see what the app makes of that. @default new tokens, as often as it is asked */
  refresh?: RefreshFunction
  /** Further exact origins that may receive the access token, as of `createSession`. */
  allowedOrigins?: string[]
  /** @default the system's own */
  clock?: Clock
}

/** One tab, in which nothing comes from outside. */
const alone: Omit<Environment, 'clock'> = {
  random: () => 0.5,
  lock: (_, work) => work(),
  channel: { post() {}, listen: () => () => {} },
  lifecycle: { isOnline: () => true, isVisible: () => true, listen: () => () => {} },
}

/**
 * A session for tests of the app: a real one, with its tokens in memory and its server made up. Axios instances, `fetch` and
 * components take it as any other. Resolves when the store has been read, so that its state is no longer `loading`.
 *
 * @throws {TypeError} for an option that cannot be meant
 */
export async function createTestSession<Claims = JwtClaims>(
  options: TestSessionOptions<Claims> = {},
): Promise<Session<Claims>> {
  const checked = checkOptions<TestSessionOptions<Claims>>('createTestSession', options, {
    signedIn: yesOrNo,
    claims: [isObject, 'an object of claims'],
    expiresIn: seconds,
    refresh: aFunction,
    allowedOrigins: origins,
    clock: [(clock) => typeof fieldOf(clock, 'now') === 'function', 'a clock such as createManualClock()'],
  })
  const { claims = {}, signedIn = 'claims' in checked, expiresIn = 900, clock = systemClock } = checked
  let issued = 0
  const issue = (): { accessToken: string; refreshToken: string; expiresIn: number } => {
    issued++
    const iat = Math.floor(clock.now() / 1000)
    const accessToken = makeJwt({ iat, exp: iat + expiresIn, ...(claims as TestClaims), jti: `${issued}` })
    return { accessToken, refreshToken: `refresh-${issued}`, expiresIn }
  }
  const method = readRefreshMethod(checked.refresh ?? (async () => issue()))
  const environment = { ...alone, clock }
  const { session, source } = assembleSession<Claims>({
    ...method,
    store: memoryStore(),
    refreshTimeoutMs: 10_000,
    environment,
  })
  const allowedOrigins = checkOrigins(checked.allowedOrigins ?? [], pageUrl())
  connect(session, source, environment.lifecycle, allowedOrigins, method)
  if (signedIn) await session.setTokens(issue())
  await session.ready
  return session
}

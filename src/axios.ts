/**
 * Makes an axios instance stay signed in. Start with {@link withSession}.
 *
 * @module
 */
import { type AxiosInstance, type AxiosResponse, getAdapter } from 'axios'
import { type Adapter, AxiosExchange, type Config } from './axios/axios-exchange.js'
import { createUrlJudge } from './axios/url-judge.js'
import { AuthError } from './core/errors.js'
import { checkOptions } from './core/options.js'
import type { Session } from './core/session-contract.js'
import { guardOf } from './http/request-guard.js'
import { checkOrigins, createRequestPolicy } from './http/request-policy.js'

declare module 'axios' {
  interface AxiosRequestConfig {
    /** `false`: no token, no waiting, no refresh. */
    latchkey?: false | LatchkeyRequestOptions
  }
}

export interface LatchkeyRequestOptions {
  /**
   * Whether the request gets the token.
   *
   * @default true
   */
  attach?: boolean
  /**
   * Whether the request waits for a token, and is sent again when the server says that its token has expired.
   *
   * @default true
   */
  refresh?: boolean
}

export interface WithSessionOptions {
  /** Further exact origins that may receive the access token from this instance. */
  allowedOrigins?: string[]
}

/**
 * Adds the session to `instance` and returns that very instance. Its requests carry the access token, wait for a new one
 * when theirs has expired, and are sent again when the server refuses it.
 *
 * All of that happens in the adapter, the last step before the wire: the URL that is checked is the URL that is sent, the
 * caller's interceptors and transforms run exactly once, and the token never appears on `error.config`.
 *
 * @throws {TypeError} for what is no session, or an option that cannot be meant
 */
export function withSession<Instance extends AxiosInstance, Claims>(
  instance: Instance,
  session: Session<Claims>,
  options: WithSessionOptions = {},
): Instance {
  const guard = guardOf(session)
  const own = checkOptions('withSession', options, { allowedOrigins: [Array.isArray, 'a list of origins'] })
  const allowedOrigins = [...guard.allowedOrigins, ...checkOrigins(own.allowedOrigins ?? [], guard.page())]
  const judge = createUrlJudge(instance, createRequestPolicy(allowedOrigins, guard.page), guard.page)

  function carry(config: Config, adapter: Adapter): Promise<AxiosResponse> {
    const { latchkey } = config
    const isOurs =
      latchkey !== false && latchkey?.attach !== false && !config.auth && !config.headers.has('Authorization')
    const verdict = isOurs ? judge(config) : 'foreign'
    if (verdict === 'foreign') return getAdapter(adapter, config)(config)
    const exchange = new AxiosExchange(config, adapter, judge, guard.page)
    if (verdict === 'ours')
      return guard.send(exchange).then(
        (outcome) => exchange.settle(outcome),
        (error) => exchange.fail(error),
      )
    return exchange.fail(
      new AuthError('UNSAFE_URL', 'The URL of the request holds a user name or a password'),
    )
  }

  const interceptor = instance.interceptors.request.use(
    (config) => {
      const { adapter } = config as { adapter: MarkedAdapter }
      if (adapter?.[mark] === session) return config
      const wrapped: MarkedAdapter = (final: Config) => {
        // Whoever sends this config by another instance must not take the session along.
        final.adapter = adapter
        return carry(final, adapter)
      }
      wrapped[mark] = session
      config.adapter = wrapped
      return config
    },
    undefined,
    { synchronous: true },
  )
  guard.onDispose(() => instance.interceptors.request.eject(interceptor))
  return instance
}

/** On our adapters, so that a second `withSession` on the same instance does nothing. */
const mark = Symbol('latchkey')
type MarkedAdapter = Adapter & { [mark]?: unknown }

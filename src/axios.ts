/**
 * Makes an axios instance stay signed in. Start with {@link withSession}.
 *
 * @module
 */
import axios, { type AxiosInstance, type AxiosResponse, getAdapter } from 'axios'
import { type Adapter, AxiosExchange, type Config } from './axios/axios-exchange.js'
import { createUrlJudge } from './axios/url-judge.js'
import { AuthError } from './core/errors.js'
import { checkOptions } from './core/options.js'
import type { Session } from './core/session-contract.js'
import { fieldOf } from './http/reply.js'
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
 * Called again for the same instance and session, it takes the place of the first call.
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
    const isOurs =
      config.latchkey !== false && fieldOf(config.latchkey, 'attach') !== false && !hasCredentials(config)
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

  guard.clients.get(instance)?.()
  const interceptor = instance.interceptors.request.use(
    (config) => {
      const { adapter } = config
      config.adapter = (final: Config) => {
        // Whoever sends this config by another instance must not take the session along.
        if (adapter) final.adapter = adapter
        else delete final.adapter
        return carry(final, adapter || axios.defaults.adapter)
      }
      return config
    },
    undefined,
    { synchronous: true },
  )
  const remove = (): void => instance.interceptors.request.eject(interceptor)
  guard.clients.set(instance, remove)
  guard.onDispose(remove)
  return instance
}

/** The caller's own come first, and no request carries two tokens (RFC 6750 section 2). */
function hasCredentials({ auth, headers, url, params }: Config): boolean {
  return (
    !!auth ||
    headers.has('Authorization') ||
    /[?&]access_token=/.test(url ?? '') ||
    (typeof params?.has === 'function'
      ? params.has('access_token')
      : Object.hasOwn(params ?? {}, 'access_token'))
  )
}

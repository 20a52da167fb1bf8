/**
 * Makes an axios instance stay signed in. Start with {@link withSession}.
 *
 * @module
 */
import axios, { type AxiosInstance, type AxiosResponse, getAdapter } from 'axios'
import { type Adapter, AxiosExchange, type Config } from './axios/axios-exchange.js'
import { createUrlJudge } from './axios/url-judge.js'
import type { Session } from './core/session-contract.js'
import { createClientPolicy, unsafeUrl, type WithSessionOptions } from './http/client-policy.js'
import { hasTokenInUrl } from './http/request-content.js'
import { type LatchkeyRequestOptions, mayAttach } from './http/request-options.js'
import { guardOf } from './http/session-guard.js'

declare module 'axios' {
  interface AxiosRequestConfig {
    /** `false`: no token, no waiting, no refresh. */
    latchkey?: false | LatchkeyRequestOptions
  }
}

export type { LatchkeyRequestOptions, WithSessionOptions }

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
  const judge = createUrlJudge(instance, createClientPolicy(guard, options), guard.page)

  function carry(config: Config, adapter: Adapter): Promise<AxiosResponse> {
    const verdict = mayAttach(config.latchkey) && !hasCredentials(config) ? judge(config) : 'foreign'
    if (verdict === 'foreign') return getAdapter(adapter, config)(config)
    const exchange = new AxiosExchange(config, adapter, judge, guard.page)
    if (verdict === 'ours')
      return guard.send(exchange).then(
        (outcome) => exchange.settle(outcome),
        (error) => exchange.fail(error),
      )
    return exchange.fail(unsafeUrl())
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

/** The caller's own come first. */
function hasCredentials({ auth, headers, url, params }: Config): boolean {
  return (
    !!auth ||
    headers.has('Authorization') ||
    hasTokenInUrl(url ?? '') ||
    (typeof params?.has === 'function'
      ? params.has('access_token')
      : Object.hasOwn(params ?? {}, 'access_token'))
  )
}

/**
 * Makes an axios instance stay signed in. Start with {@link withSession}.
 *
 * @module
 */
import axios, { type AxiosInstance, type AxiosResponse, getAdapter } from 'axios'
import { type Config, createAxiosClient, fail, optionsOf, settle } from './axios/axios-client.js'
import { createConfigPolicy, finalUrlOf, pageOf, targetOf } from './axios/request-url.js'
import { fieldOf } from './core/own-fields.js'
import type { Session } from './core/session.js'
import { isDevelopment } from './development/is-development.js'
import { clientPolicy, connectionOf, unsafeUrl, type WithSessionOptions } from './http/connection.js'
import { hasTokenInUrl, type LatchkeyRequestOptions, mayAttach } from './http/http-client.js'

declare module 'axios' {
  interface AxiosRequestConfig {
    /** `false`: no token, no waiting, no refresh. */
    latchkey?: false | LatchkeyRequestOptions
  }
}

export { authErrorOf } from './http/auth-error-of.js'
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
  if (isDevelopment && !instance?.interceptors)
    throw new TypeError('withSession takes an axios instance, such as axios.create(), and then the session')
  const connection = connectionOf(session)
  const policy = createConfigPolicy(instance, clientPolicy(connection, options, true))

  const client = createAxiosClient(policy)

  /** Notes whose request it is: what was meant for one user does not go out for another. */
  function note(config: Config): void {
    const options = optionsOf(config)
    const session = connection.owner()
    if (session === undefined || !mayAttach(options) || fieldOf(options, 'session') !== undefined) return
    config.latchkey = { ...(options as LatchkeyRequestOptions), session }
  }

  function send(config: Config): Promise<AxiosResponse> {
    const target = targetOf(config)
    const isLeftAlone = !mayAttach(optionsOf(config)) || hasCredentials(config)
    const verdict = isLeftAlone ? 'foreign' : policy(target)
    if (isDevelopment && verdict === 'foreign' && !isLeftAlone)
      connection.noteForeign?.(() => finalUrlOf(target))
    if (verdict === 'unsafe' && connection.owner() !== undefined) return fail(config, unsafeUrl())
    if (verdict !== 'ours') return sendBare(config)
    if (connection.withCredentials) config.withCredentials ??= true
    const call = { config, target, page: pageOf(target) }
    // One promise per request: an async function would add two.
    return connection.send(client, call).then(settle, (error) => fail(config, error))
  }

  const { request: interceptors } = instance.interceptors
  connection.clients.get(instance)?.()
  const interceptor = interceptors.use(
    (config) => {
      // axios itself says what is wrong where an interceptor before this one has returned nothing.
      if (!config) return config
      // Again, for such an interceptor may have made a new config.
      note(config)
      const { adapter, signal, cancelToken } = config
      config.adapter = (final: Config) => {
        // Another instance that sends this config must not take the session along.
        if (adapter) final.adapter = adapter
        else delete final.adapter
        // Nor where that did not happen the first time, for it was cancelled before.
        const wasCancelled = signal?.aborted || cancelToken?.reason
        return wasCancelled ? sendBare(final) : send(final)
      }
      return config
    },
    undefined,
    {
      synchronous: true,
      // axios calls it when the call is made, before all interceptors: some of them may be asynchronous.
      runWhen(config) {
        note(config)
        return true
      },
    },
  )
  const remove = (): void => interceptors.eject(interceptor)
  connection.clients.set(instance, remove)
  connection.signal.addEventListener('abort', remove)
  return instance
}

const sendBare = (config: Config): Promise<AxiosResponse> =>
  getAdapter(config.adapter || axios.defaults.adapter, config)(config)

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

import axios, {
  AxiosError,
  AxiosHeaders,
  type AxiosResponse,
  CanceledError,
  getAdapter,
  type InternalAxiosRequestConfig,
  isCancel,
} from 'axios'
import { isAuthError } from '../core/errors.js'
import { fieldOf } from '../core/own-fields.js'
import { explainReply, isUserGone } from '../http/auth-error-of.js'
import {
  type AuthHeaders,
  type HttpClient,
  isOneTimeBody,
  type JoinedSignal,
  mayRefresh,
  mentions,
} from '../http/http-client.js'
import { pageUrl } from '../http/page-url.js'
import { type Reply, replyFrom } from '../http/reply.js'
import { type ConfigPolicy, finalUrlOf } from './request-url.js'

export type Config = InternalAxiosRequestConfig

/** What axios's types leave out of `CancelToken`. */
interface SubscribableToken {
  subscribe(listener: (reason: unknown) => void): void
  unsubscribe(listener: (reason: unknown) => void): void
}

/** An error with a reply is a reply like any other: which statuses are errors is the caller's affair. */
export type Outcome = AxiosResponse | AxiosError

const responseOf = (outcome: Outcome): AxiosResponse =>
  outcome instanceof Error ? (outcome.response as AxiosResponse) : outcome

/** Both ways of axios to abort, as one signal. They outlive the request. */
function join(token: SubscribableToken, signal: AbortSignal | undefined): JoinedSignal {
  const controller = new AbortController()
  const cancel = (reason: unknown): void => controller.abort(reason)
  const abort = (): void => cancel(signal?.reason)
  token.subscribe(cancel)
  signal?.addEventListener('abort', abort)
  if (signal?.aborted) abort()
  return {
    signal: controller.signal,
    release() {
      token.unsubscribe(cancel)
      signal?.removeEventListener('abort', abort)
    },
  }
}

export function createAxiosClient(policy: ConfigPolicy): HttpClient<Config, Outcome> {
  const withHeaders = createConfigCopier()
  return {
    method: ({ method = 'get' }) => method.toUpperCase(),
    url(config) {
      const { origin, pathname } = new URL(finalUrlOf(config), pageUrl())
      return origin + pathname
    },
    signal: ({ signal }) => signal as AbortSignal | undefined,
    joinSignals: ({ signal, cancelToken }) =>
      cancelToken && join(cancelToken as unknown as SubscribableToken, signal as AbortSignal | undefined),
    owner: ({ latchkey }) => fieldOf(latchkey, 'session') as string | undefined,
    mayRefresh: ({ latchkey }) => mayRefresh(latchkey),
    // axios would send a stream empty the second time, or hang (axios#6454).
    isReplayable: ({ data }) => !isOneTimeBody(data),
    carries: ({ data, headers }, text) => mentions([data, ...Object.values(headers)], text),
    async send(config, headers) {
      const attempt = headers ? withHeaders(config, headers) : config
      try {
        const response = await getAdapter(config.adapter || axios.defaults.adapter, attempt)(attempt)
        response.config = config
        return response
      } catch (error) {
        // An adapter of the app's may throw anything.
        const failure = error as AxiosError | undefined
        // The fetch adapter of axios 1.15 wraps its own error, which holds the same config.
        for (let each = failure; each?.config && each.config !== config; each = each.cause as AxiosError) {
          each.config = config
        }
        if (!(failure instanceof Error && failure.response)) throw error
        failure.response.config = config
        return failure
      }
    },

    status: (outcome) => responseOf(outcome).status,
    reply(outcome) {
      const { status, headers, data } = responseOf(outcome)
      return replyFrom({ status, headers: AxiosHeaders.from(headers as AxiosHeaders), data }) as Reply
    },
    isForeign(outcome) {
      const { request } = responseOf(outcome)
      const url: unknown = request?.responseURL || request?.res?.responseUrl
      return typeof url === 'string' && policy({ url }) !== 'ours'
    },
    discard(outcome) {
      const { data } = responseOf(outcome)
      if (typeof data?.destroy === 'function') data.destroy()
      if (typeof data?.cancel === 'function') data.cancel()?.catch?.(() => {})
    },
    explain(outcome, reason) {
      if (outcome instanceof Error) outcome.cause = reason
      else explainReply(outcome, reason)
    },
  }
}

/** Hands the outcome to the caller as axios itself would. */
export function settle(outcome: Outcome): AxiosResponse {
  if (outcome instanceof Error) throw outcome
  return outcome
}

/** Rejects as axios itself would where it is not the reply of the API: with an `AxiosError`, or the cancellation. */
export function fail(config: Config, error: unknown): Promise<never> {
  const signal = config.signal as AbortSignal | undefined
  if (isAuthError(error)) {
    // A cancellation, which no plugin tries again.
    if (isUserGone(error)) {
      return Promise.reject(Object.assign(new CanceledError(error.message, config), { cause: error }))
    }
    const isNetwork = error.code === 'REFRESH_FAILED' && error.status === undefined
    const failure = new AxiosError(error.message, isNetwork ? AxiosError.ERR_NETWORK : error.code, config)
    failure.cause = error
    return Promise.reject(failure)
  }
  const isOurAbort = signal?.aborted && error === signal.reason && !isCancel(error)
  return Promise.reject(isOurAbort ? new CanceledError(undefined, config) : error)
}

/**
 * Makes copies of configs with the token, since the caller's config must not come to hold it: errors and logs show that. All
 * properties are the copy's own, since axios ignores inherited ones; it inherits all that axios gives its configs of
 * `Object.prototype`, which may be polluted. One prototype serves all copies: a new one each time costs 20 µs.
 */
function createConfigCopier(): (config: Config, authHeaders: AuthHeaders) => Config {
  const prototype = Object.create(null, { hasOwnProperty: { value: Object.prototype.hasOwnProperty } })
  return (config, authHeaders) => {
    const copy = Object.create(prototype)
    for (const key in config) copy[key] = config[key as keyof Config]
    for (const key of Object.getOwnPropertySymbols(config)) copy[key] = config[key as never]
    const { headers } = config
    copy.headers = Object.assign(Object.create(Object.getPrototypeOf(headers)), headers, authHeaders)
    return copy
  }
}

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
import { fieldOf, ownFields } from '../core/own-fields.js'
import { explainReply, isUserGone } from '../http/auth-error-of.js'
import {
  type AuthHeaders,
  type HttpClient,
  isOneTimeBody,
  type JoinedSignal,
  mayRefresh,
  mentions,
} from '../http/http-client.js'
import { originOfReply } from '../http/origin-policy.js'
import { pageUrl } from '../http/page-url.js'
import { type Reply, readStart, replyFrom } from '../http/reply.js'
import { createReplyUrls } from './reply-url.js'
import { type ConfigPolicy, finalUrlOf, pinnedTo, targetOf } from './request-url.js'

export type Config = InternalAxiosRequestConfig
type EnvOf<T extends { env?: unknown }> = NonNullable<T['env']>

/** An error may wrap another. */
const mostCauses = 9
/** What a copy has of ours. */
const ownKeys = ['headers', 'env', 'url', 'baseURL', 'allowAbsoluteUrls']

/** What axios's types leave out of `CancelToken`. */
interface SubscribableToken {
  subscribe(listener: (reason: unknown) => void): void
  unsubscribe(listener: (reason: unknown) => void): void
}

/** What a config has of its own under `latchkey`. */
export const optionsOf = (config: Config): unknown => fieldOf(config, 'latchkey')

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

/** One request at its adapter. */
export interface AxiosCall {
  readonly config: Config
  /** What was judged: where it goes, and the page that this is relative to. */
  readonly target: ReturnType<typeof targetOf>
  readonly page: string | undefined
}

export function createAxiosClient(policy: ConfigPolicy): HttpClient<AxiosCall, Outcome> {
  const copyOf = createConfigCopier()
  const replyUrls = createReplyUrls()

  /** What the adapter is given: the config with the token, to be sent to where it was judged to go, however long ago. */
  function attemptOf({ config, target, page }: AxiosCall, authHeaders: AuthHeaders): Config {
    const isApps = typeof config.adapter === 'function'
    // An adapter of the app's may know the request by its URL, which therefore stays as long as it means the same.
    const isPinned = page !== undefined && (!isApps || page !== pageUrl())
    const where = isPinned ? pinnedTo(page, target) : target
    const attempt = Object.assign(copyOf(config, authHeaders), where)
    if (!isApps) {
      const own = fieldOf(config.env, 'fetch') as typeof fetch | undefined
      attempt.env = { ...config.env, fetch: own ? replyUrls.around(own) : replyUrls.fetch } as EnvOf<Config>
    }
    return attempt
  }

  return ownFields<HttpClient<AxiosCall, Outcome>>({
    method: ({ config: { method = 'get' } }) => method.toUpperCase(),
    url({ target, page }) {
      const { origin, pathname } = new URL(finalUrlOf(target), page)
      return origin + pathname
    },
    signal: ({ config: { signal } }) => signal as AbortSignal | undefined,
    joinSignals: ({ config: { signal, cancelToken } }) =>
      cancelToken && join(cancelToken as unknown as SubscribableToken, signal as AbortSignal | undefined),
    owner: ({ config }) => fieldOf(optionsOf(config), 'session') as string | undefined,
    mayRefresh: ({ config }) => mayRefresh(optionsOf(config)),
    // axios would send a stream empty the second time, or hang (axios#6454).
    isReplayable: ({ config: { data } }) => !isOneTimeBody(data),
    carries: ({ config: { data, headers } }, text) => mentions([data, ...Object.values(headers)], text),
    async send(call, authHeaders) {
      const { config } = call
      const attempt = authHeaders ? attemptOf(call, authHeaders) : config
      const isOurs = (value: unknown): boolean => Object.values(authHeaders ?? {}).includes(value as string)
      // Also in place of a copy of the copy. The config of another request stays, with which an adapter may answer, too.
      const putBack = (holder: Pick<AxiosError, 'config'>): void => {
        const given = holder.config
        if (given === attempt || Object.values(given?.headers ?? {}).some(isOurs)) holder.config = config
      }
      try {
        const response = await getAdapter(config.adapter || axios.defaults.adapter, attempt)(attempt)
        putBack(response)
        return response
      } catch (error) {
        // An adapter of the app's may throw anything.
        const failure = error as AxiosError | undefined
        // The fetch adapter of axios 1.15 wraps its own error, which holds the same config.
        for (let each = failure, left = mostCauses; each && left > 0; left--) {
          putBack(each)
          each = each.cause as AxiosError | undefined
        }
        if (!(failure instanceof Error && failure.response)) throw error
        putBack(failure.response)
        return failure
      } finally {
        if (authHeaders) handOver(attempt, config, (name, value) => name in authHeaders || isOurs(value))
      }
    },

    status: (outcome) => responseOf(outcome).status,
    reply: (outcome) => replyOf(responseOf(outcome)),
    judge: (outcome, isExpired) =>
      readStart(responseOf(outcome).data, (body) => isExpired(replyOf(responseOf(outcome), body))),
    cameFrom: (outcome) =>
      originOfReply(replyUrls.of(responseOf(outcome).request), (url) => policy(targetOf({ url }))),
    discard(outcome) {
      const { data } = responseOf(outcome)
      if (typeof data?.destroy === 'function') data.destroy()
      if (typeof data?.cancel === 'function') data.cancel()?.catch?.(() => {})
    },
    explain(outcome, reason) {
      if (outcome instanceof Error) outcome.cause = reason
      else explainReply(outcome, reason)
    },
  })
}

const replyOf = ({ status, headers, data }: AxiosResponse, body: unknown = data): Reply =>
  replyFrom({ status, headers: AxiosHeaders.from(headers as AxiosHeaders), data: body }) as Reply

/** What the adapter has written to its copy is the caller's, but for what is ours. */
function handOver(
  attempt: Config,
  config: Config,
  isOurs: (headerName: string, value: unknown) => boolean,
): void {
  for (const key in attempt) {
    const value = attempt[key as keyof Config]
    if (value !== config[key as keyof Config] && !ownKeys.includes(key))
      config[key as keyof Config] = value as never
  }
  for (const name of Object.keys(attempt.headers ?? {})) {
    const value = attempt.headers[name]
    if (value !== config.headers[name] && !isOurs(name, value)) config.headers[name] = value
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
    const isNetwork = error.code === 'REFRESH_FAILED' && error.status === undefined
    const failure = isUserGone(error)
      ? // A cancellation, which no plugin tries again.
        new CanceledError(error.message, config)
      : new AxiosError(
          // Apps show the message to their users, and compare it: so it is that of axios.
          isNetwork ? 'Network Error' : error.message,
          isNetwork ? AxiosError.ERR_NETWORK : error.code,
          config,
        )
    return Promise.reject(Object.assign(failure, { cause: error }))
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

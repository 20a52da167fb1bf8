import {
  AxiosError,
  AxiosHeaders,
  type AxiosResponse,
  CanceledError,
  getAdapter,
  type InternalAxiosRequestConfig,
  isCancel,
} from 'axios'
import { type AuthError, isAuthError } from '../core/errors.js'
import type { Credentials } from '../http/credentials.js'
import { parseJson, type Reply } from '../http/reply.js'
import { isOneTimeBody, mentions } from '../http/request-content.js'
import type { Exchange } from '../http/request-guard.js'
import { mayRefresh } from '../http/request-options.js'
import { finalUrlOf, type UrlJudge } from './url-judge.js'

export type Config = InternalAxiosRequestConfig
export type Adapter = Config['adapter']

/** What axios's types leave out of `CancelToken`. */
interface SubscribableToken {
  subscribe(listener: (reason: unknown) => void): void
  unsubscribe(listener: (reason: unknown) => void): void
}

/** An error with a reply is a reply like any other: which statuses are errors is the caller's affair. */
export type Outcome = AxiosResponse | AxiosError

const responseOf = (outcome: Outcome): AxiosResponse =>
  outcome instanceof Error ? (outcome.response as AxiosResponse) : outcome

/** One request of an axios instance. */
export class AxiosExchange implements Exchange<Outcome> {
  readonly #config: Config
  readonly #adapter: Adapter
  readonly #judge: UrlJudge
  readonly #page: () => string | undefined
  #signal: AbortSignal | undefined
  #release: (() => void) | undefined

  constructor(config: Config, adapter: Adapter, judge: UrlJudge, page: () => string | undefined) {
    this.#config = config
    this.#adapter = adapter
    this.#judge = judge
    this.#page = page
  }

  get method(): string {
    return (this.#config.method ?? 'get').toUpperCase()
  }

  /** Both ways of axios to give up, as one signal. */
  get signal(): AbortSignal | undefined {
    const { signal, cancelToken } = this.#config
    if (!cancelToken) return signal as AbortSignal | undefined
    this.#signal ??= this.#joinSignals(cancelToken as unknown as SubscribableToken, signal as AbortSignal)
    return this.#signal
  }

  #joinSignals(token: SubscribableToken, signal: AbortSignal | undefined): AbortSignal {
    const controller = new AbortController()
    const cancel = (reason: unknown): void => controller.abort(reason)
    const abort = (): void => controller.abort(signal?.reason)
    token.subscribe(cancel)
    signal?.addEventListener('abort', abort)
    if (signal?.aborted) abort()
    // Tokens and signals outlive their requests.
    this.#release = () => {
      token.unsubscribe(cancel)
      signal?.removeEventListener('abort', abort)
    }
    return controller.signal
  }

  get mayRefresh(): boolean {
    return mayRefresh(this.#config.latchkey)
  }

  /** axios would send a stream empty the second time, or hang (axios#6454). */
  get isReplayable(): boolean {
    return !isOneTimeBody(this.#config.data)
  }

  describe(): string {
    const { origin, pathname } = new URL(finalUrlOf(this.#config), this.#page())
    return origin + pathname
  }

  async send(credentials: Credentials | null): Promise<Outcome> {
    const config = this.#config
    const attempt = credentials ? withCredentials(config, credentials) : config
    try {
      const response = await getAdapter(this.#adapter, attempt)(attempt)
      response.config = config
      return response
    } catch (error) {
      // Anything may be thrown by an adapter of the app's.
      const failure = error as AxiosError | undefined
      // The fetch adapter of axios 1.15 wraps its own error, which holds the same config.
      for (let each = failure; each?.config && each.config !== config; each = each.cause as AxiosError) {
        each.config = config
      }
      if (!(failure instanceof Error && failure.response)) throw error
      failure.response.config = config
      return failure
    }
  }

  statusOf(outcome: Outcome): number {
    return responseOf(outcome).status
  }

  replyOf(outcome: Outcome): Reply {
    const { status, headers, data } = responseOf(outcome)
    const header = (name: string): string | null => {
      const value = AxiosHeaders.from(headers as AxiosHeaders).get(name)
      return value === undefined || value === null ? null : String(value)
    }
    return { status, header, body: typeof data === 'string' ? parseJson(data) : data }
  }

  isForeign(outcome: Outcome): boolean {
    const { request } = responseOf(outcome)
    const url: unknown = request?.responseURL || request?.res?.responseUrl
    return typeof url === 'string' && this.#judge({ url }) !== 'ours'
  }

  discard(outcome: Outcome): void {
    const { data } = responseOf(outcome)
    if (typeof data?.destroy === 'function') data.destroy()
    if (typeof data?.cancel === 'function') data.cancel()?.catch?.(() => {})
  }

  explain(outcome: Outcome, reason: AuthError): Outcome {
    if (outcome instanceof Error) outcome.cause = reason
    return outcome
  }

  carries(text: string): boolean {
    const { data, headers } = this.#config
    return mentions([data, ...Object.values(headers)], text)
  }

  /** Hands the outcome to the caller as axios itself would have. */
  settle(outcome: Outcome): AxiosResponse {
    this.#release?.()
    if (outcome instanceof Error) throw outcome
    return outcome
  }

  /** Rejects with what a caller of axios expects: an `AxiosError`, or the cancellation. */
  fail(error: unknown): Promise<never> {
    const config = this.#config
    const signal = this.#signal ?? (config.signal as AbortSignal | undefined)
    this.#release?.()
    if (isAuthError(error)) {
      const isNetwork = error.code === 'REFRESH_FAILED' && error.status === undefined
      const failure = new AxiosError(error.message, isNetwork ? AxiosError.ERR_NETWORK : error.code, config)
      failure.cause = error
      return Promise.reject(failure)
    }
    const isOurAbort = signal?.aborted && error === signal.reason && !isCancel(error)
    return Promise.reject(isOurAbort ? new CanceledError(undefined, config) : error)
  }
}

/**
 * A copy, for the caller's config must not come to hold the token: errors and logs show it. All properties are its own,
 * for axios passes over inherited ones. (`Object.assign` takes three times as long, `Object.create(config)` longer still.)
 */
function withCredentials(config: Config, credentials: Credentials): Config {
  const copy = Object.create(configPrototype)
  for (const key of [...Object.keys(config), ...Object.getOwnPropertySymbols(config)]) {
    copy[key] = config[key as keyof Config]
  }
  const { headers } = config
  copy.headers = Object.assign(Object.create(Object.getPrototypeOf(headers)), headers, credentials)
  return copy
}

/** All that axios gives its configs of `Object.prototype`, which may be polluted. */
const configPrototype = Object.create(null, { hasOwnProperty: { value: Object.prototype.hasOwnProperty } })

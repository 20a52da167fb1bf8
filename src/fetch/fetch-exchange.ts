import type { AuthError } from '../core/errors.js'
import type { Credentials } from '../http/credentials.js'
import { parseJson, type Reply } from '../http/reply.js'
import { hasTokenInUrl, isOneTimeBody, mentions } from '../http/request-content.js'
import type { Exchange } from '../http/request-guard.js'
import { mayRefresh } from '../http/request-options.js'
import { readText } from '../http/response-text.js'
import { explainReply } from './auth-error-of.js'
import type { Fetch, FetchCall } from './fetch-call.js'

/** How much of a reply's copy is read for `isExpired`, in bytes. */
const longestBody = 2 ** 16

/** One call of `fetch`. Its reply goes to the caller unread. */
export class FetchExchange implements Exchange<Response> {
  readonly #fetch: Fetch
  readonly #call: FetchCall
  readonly #isOurs: (url: string) => boolean
  /** Whether the body is that of a `Request`, which can be sent once. */
  readonly #isBodyOfRequest: boolean
  #target: string | Request
  #isFirst = true

  constructor(fetch: Fetch, call: FetchCall, isOurs: (url: string) => boolean) {
    const { url, request, init } = call
    this.#fetch = fetch
    this.#call = call
    this.#isOurs = isOurs
    this.#isBodyOfRequest = !!request && (init.body ?? null) === null && hasBody(request)
    this.#target = request ?? url.href
  }

  /** Whether it brings a token of its own, or can do nothing but fail: then it is sent as it is. */
  get isLeftAlone(): boolean {
    const { url, request, init } = this.#call
    const isSpent = this.#isBodyOfRequest && request?.bodyUsed === true
    return isSpent || init.headers.has('Authorization') || hasTokenInUrl(url.search)
  }

  get method(): string {
    const { init, request } = this.#call
    return (init.method ?? request?.method ?? 'GET').toUpperCase()
  }

  get signal(): AbortSignal | undefined {
    const { init, request } = this.#call
    return (init.signal === undefined ? request?.signal : init.signal) ?? undefined
  }

  get mayRefresh(): boolean {
    return mayRefresh(this.#call.said)
  }

  get isReplayable(): boolean {
    return this.#isBodyOfRequest ? this.mayRefresh : !isOneTimeBody(this.#call.init.body)
  }

  describe(): string {
    const { origin, pathname } = this.#call.url
    return origin + pathname
  }

  send(credentials: Credentials | null): Promise<Response> {
    const { init } = this.#call
    const target = this.#target
    // Browsers refuse a `fetch` that is called as somebody's method.
    const fetch = this.#fetch
    // The copy of a body is kept until the request has come to something: see `close`.
    if (credentials && this.#isBodyOfRequest && this.mayRefresh) this.#target = (target as Request).clone()
    // Each sending has headers of its own, for whoever is below may keep them.
    const headers = this.#isFirst ? init.headers : new Headers([...init.headers])
    this.#isFirst = false
    for (const name in credentials) headers.set(name, credentials[name] as string)
    return fetch(target, { ...init, headers })
  }

  statusOf(response: Response): number {
    return response.status
  }

  replyOf({ status, headers }: Response): Reply {
    return { status, header: (name) => headers.get(name) }
  }

  async bodyOf(response: Response): Promise<unknown> {
    if (!/[/+]json\b/i.test(response.headers.get('Content-Type') ?? '')) return undefined
    try {
      const text = await readText(response.clone(), longestBody)
      return text && parseJson(text)
    } catch {
      return undefined
    }
  }

  isForeign({ redirected, url }: Response): boolean {
    return redirected && !this.#isOurs(url)
  }

  discard({ body }: Response): void {
    letGo(body)
  }

  explain(response: Response, reason: AuthError): Response {
    return explainReply(response, reason)
  }

  carries(text: string): boolean {
    const { body, headers } = this.#call.init
    return mentions([body instanceof URLSearchParams ? String(body) : body, ...headers.values()], text)
  }

  /** Lets go of the copy that was not needed. */
  close(): void {
    const target = this.#target
    if (typeof target === 'object' && target !== this.#call.request) letGo(target.body)
  }
}

/** Where a browser does not show it, every method but those two may have one. */
const hasBody = ({ body, method }: Request): boolean => body !== null && !/^(GET|HEAD)$/.test(method)

const letGo = (body: ReadableStream | null | undefined): void => void body?.cancel().catch(() => {})

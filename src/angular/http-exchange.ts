import {
  HttpContextToken,
  HttpErrorResponse,
  type HttpEvent,
  type HttpHandlerFn,
  type HttpRequest,
  HttpResponse,
} from '@angular/common/http'
import { EmptyError } from 'rxjs'
import type { AuthError } from '../core/errors.js'
import type { Credentials } from '../http/credentials.js'
import { parseJson, type Reply } from '../http/reply.js'
import { isOneTimeBody, mentions } from '../http/request-content.js'
import type { Exchange } from '../http/request-guard.js'
import { type LatchkeyRequestOptions, mayRefresh } from '../http/request-options.js'
import type { RequestPolicy } from '../http/request-policy.js'

/** What a single request may say for itself: `{ context: new HttpContext().set(LATCHKEY, false) }`. */
export const LATCHKEY: HttpContextToken<false | LatchkeyRequestOptions> =
  /* @__PURE__ */ new HttpContextToken<false | LatchkeyRequestOptions>(() => ({}))

/** An error with a reply is a reply like any other. */
export type Outcome = HttpResponse<unknown> | HttpErrorResponse
type Listener = (event: HttpEvent<unknown>) => void

/** One request of Angular's HttpClient. */
export class HttpExchange implements Exchange<Outcome> {
  readonly signal: AbortSignal
  readonly #request: HttpRequest<unknown>
  readonly #next: HttpHandlerFn
  readonly #policy: RequestPolicy
  readonly #page: () => string | undefined
  readonly #onProgress: Listener

  constructor(
    request: HttpRequest<unknown>,
    next: HttpHandlerFn,
    policy: RequestPolicy,
    page: () => string | undefined,
    signal: AbortSignal,
    onProgress: Listener,
  ) {
    this.#request = request
    this.#next = next
    this.#policy = policy
    this.#page = page
    this.signal = signal
    this.#onProgress = onProgress
  }

  get method(): string {
    return this.#request.method
  }

  get mayRefresh(): boolean {
    return mayRefresh(this.#request.context.get(LATCHKEY))
  }

  get isReplayable(): boolean {
    return !isOneTimeBody(this.#request.body)
  }

  describe(): string {
    const { origin, pathname } = new URL(this.#request.urlWithParams, this.#page())
    return origin + pathname
  }

  send(credentials: Credentials | null): Promise<Outcome> {
    const request = credentials ? this.#request.clone({ setHeaders: { ...credentials } }) : this.#request
    return new Promise((resolve, reject) => {
      const sending = this.#next(request).subscribe({
        next: (event) => (event instanceof HttpResponse ? resolve(event) : this.#onProgress(event)),
        error: (error) => (error instanceof HttpErrorResponse && error.status > 0 ? resolve : reject)(error),
        complete: () => reject(new EmptyError()), // of no effect after a reply
      })
      this.signal.addEventListener('abort', () => {
        sending.unsubscribe()
        reject(this.signal.reason)
      })
    })
  }

  statusOf({ status }: Outcome): number {
    return status
  }

  replyOf(outcome: Outcome): Reply {
    const body: unknown = outcome instanceof HttpResponse ? outcome.body : outcome.error
    return {
      status: outcome.status,
      header: (name) => outcome.headers.get(name),
      body: typeof body === 'string' ? parseJson(body) : body,
    }
  }

  isForeign({ url }: Outcome): boolean {
    return !!url && this.#policy.judge(url, undefined) !== 'ours'
  }

  /** Whatever comes from HttpClient has been read to its end. */
  discard(): void {}

  explain(outcome: Outcome, reason: AuthError): Outcome {
    return Object.assign(outcome, { cause: reason })
  }

  carries(text: string): boolean {
    const { headers } = this.#request
    return mentions([this.#request.serializeBody(), ...headers.keys().map((name) => headers.get(name))], text)
  }
}

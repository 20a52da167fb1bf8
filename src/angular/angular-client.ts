import {
  HttpContextToken,
  HttpErrorResponse,
  type HttpEvent,
  type HttpHandlerFn,
  type HttpRequest,
  HttpResponse,
} from '@angular/common/http'
import { EmptyError } from 'rxjs'
import { ownFields } from '../core/own-fields.js'
import {
  type HttpClient,
  isOneTimeBody,
  type LatchkeyRequestOptions,
  mayRefresh,
  mentions,
} from '../http/http-client.js'
import { type OriginPolicy, originOfReply } from '../http/origin-policy.js'
import { pageUrl } from '../http/page-url.js'
import { parseJson, type Reply, readStart } from '../http/reply.js'

/** What a single request may set for itself: `{ context: new HttpContext().set(LATCHKEY, false) }`. */
export const LATCHKEY: HttpContextToken<false | LatchkeyRequestOptions> =
  /* @__PURE__ */ new HttpContextToken<false | LatchkeyRequestOptions>(() => ({}))

/** An error with a reply is a reply like any other. */
export type Outcome = HttpResponse<unknown> | HttpErrorResponse

/** One request on its way through the interceptors. */
export interface AngularCall {
  readonly request: HttpRequest<unknown>
  readonly next: HttpHandlerFn
  readonly signal: AbortSignal
  /** The session that it was made in. */
  readonly owner: string | undefined
  /** What its URL is relative to, if it is. */
  readonly page: string | undefined
  readonly onProgress: (event: HttpEvent<unknown>) => void
}

const bodyOf = (outcome: Outcome): unknown => (outcome instanceof HttpResponse ? outcome.body : outcome.error)

const replyOf = (outcome: Outcome, body: unknown = bodyOf(outcome)): Reply => ({
  status: outcome.status,
  header: (name) => outcome.headers.get(name),
  body: typeof body === 'string' ? parseJson(body) : body,
})

export const createAngularClient = (policy: OriginPolicy): HttpClient<AngularCall, Outcome> =>
  ownFields<HttpClient<AngularCall, Outcome>>({
    method: ({ request }) => request.method,
    url({ request, page }) {
      const { origin, pathname } = new URL(request.urlWithParams, page)
      return origin + pathname
    },
    signal: ({ signal }) => signal,
    owner: ({ owner }) => owner,
    mayRefresh: ({ request }) => mayRefresh(request.context.get(LATCHKEY)),
    isReplayable: ({ request }) => !isOneTimeBody(request.body),
    carries({ request }, text) {
      const { headers } = request
      return mentions([request.serializeBody(), ...headers.keys().map((name) => headers.get(name))], text)
    },
    send: ({ request, next, signal, page, onProgress }, authHeaders) =>
      new Promise((resolve, reject) => {
        // To where it was judged to go, whatever the page's URL has become while it was held.
        const url = pageUrl() === page ? request.url : new URL(request.url, page).href
        const sending = next(
          authHeaders ? request.clone({ url, setHeaders: { ...authHeaders } }) : request,
        ).subscribe({
          next: (event) => (event instanceof HttpResponse ? resolve(event) : onProgress(event)),
          error: (error) =>
            (error instanceof HttpErrorResponse && error.status > 0 ? resolve : reject)(error),
          complete: () => reject(new EmptyError()), // of no effect after a reply
        })
        signal.addEventListener('abort', () => {
          sending.unsubscribe()
          reject(signal.reason)
        })
      }),

    status: ({ status }) => status,
    reply: replyOf,
    judge: (outcome, isExpired) => readStart(bodyOf(outcome), (body) => isExpired(replyOf(outcome, body))),
    cameFrom: ({ url }) => originOfReply(url, policy),
    // Whatever comes from HttpClient has been read to its end.
    discard() {},
    explain: (outcome, reason) => void Object.assign(outcome, { cause: reason }),
  })

import { HttpErrorResponse, type HttpEvent, type HttpHandlerFn, type HttpRequest } from '@angular/common/http'
import { EmptyError, Observable, throwError } from 'rxjs'
import { type AuthError, isAuthError } from '../core/errors.js'
import { unsafeUrl } from '../http/client-policy.js'
import { hasTokenInUrl } from '../http/request-content.js'
import type { RequestGuard } from '../http/request-guard.js'
import { mayAttach } from '../http/request-options.js'
import type { RequestPolicy } from '../http/request-policy.js'
import { HttpExchange, LATCHKEY } from './http-exchange.js'

/** Sends the request under the rules of `guard`; whoever unsubscribes gives up its place. */
export function carry(
  request: HttpRequest<unknown>,
  next: HttpHandlerFn,
  guard: RequestGuard,
  policy: RequestPolicy,
): Observable<HttpEvent<unknown>> {
  const isOurs = mayAttach(request.context.get(LATCHKEY)) && !hasCredentials(request)
  const verdict = isOurs ? policy.judge(request.urlWithParams, undefined) : 'foreign'
  if (verdict === 'foreign') return next(request)
  if (verdict === 'unsafe') return throwError(() => failureOf(request, unsafeUrl()))
  return new Observable((caller) => {
    const controller = new AbortController()
    const exchange = new HttpExchange(request, next, policy, guard.page, controller.signal, (event) =>
      caller.next(event),
    )
    guard.send(exchange).then(
      (outcome) => {
        if (outcome instanceof HttpErrorResponse) return caller.error(outcome)
        caller.next(outcome)
        caller.complete()
      },
      (error) => {
        if (error instanceof EmptyError) caller.complete()
        else caller.error(isAuthError(error) ? failureOf(request, error) : error)
      },
    )
    return () => controller.abort()
  })
}

/** The caller's own come first. */
const hasCredentials = ({ headers, urlWithParams }: HttpRequest<unknown>): boolean =>
  headers.has('Authorization') || hasTokenInUrl(urlWithParams)

/** What a caller of HttpClient expects of a request that never got a reply. */
function failureOf({ urlWithParams: url }: HttpRequest<unknown>, error: AuthError): HttpErrorResponse {
  const failure = new HttpErrorResponse({ error, status: 0, statusText: error.code, url })
  return Object.assign(failure, { cause: error })
}

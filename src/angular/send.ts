import { HttpErrorResponse, type HttpEvent, type HttpHandlerFn, type HttpRequest } from '@angular/common/http'
import { EmptyError, Observable, throwError } from 'rxjs'
import { type AuthError, isAuthError } from '../core/errors.js'
import { isDevelopment } from '../development/is-development.js'
import { type Connection, unsafeUrl } from '../http/connection.js'
import { type HttpClient, hasTokenInUrl, mayAttach } from '../http/http-client.js'
import type { OriginPolicy } from '../http/origin-policy.js'
import { pageUrl } from '../http/page-url.js'
import { type AngularCall, LATCHKEY, type Outcome } from './angular-client.js'

/** Sends the request under the rules of the session; unsubscribing aborts it, held or sent. */
export function send(
  request: HttpRequest<unknown>,
  next: HttpHandlerFn,
  connection: Connection,
  policy: OriginPolicy,
  client: HttpClient<AngularCall, Outcome>,
  owners: WeakMap<HttpRequest<unknown>, string>,
): Observable<HttpEvent<unknown>> {
  const mayCarry = mayAttach(request.context.get(LATCHKEY)) && !hasCredentials(request)
  const page = pageUrl()
  const verdict = mayCarry ? policy(request.urlWithParams) : 'foreign'
  if (verdict === 'unsafe' && connection.owner() !== undefined) {
    return throwError(() => failureOf(request, unsafeUrl()))
  }
  if (isDevelopment && mayCarry && verdict === 'foreign')
    connection.noteForeign?.(() => request.urlWithParams)
  if (verdict !== 'ours') return next(request)
  // The same request comes again where rxjs tries again, be it for another user by then.
  const owner = owners.get(request) ?? connection.owner()
  if (owner !== undefined) owners.set(request, owner)
  return new Observable((caller) => {
    const controller = new AbortController()
    const { signal } = controller
    const call = {
      request: connection.withCredentials ? request.clone({ withCredentials: true }) : request,
      next,
      signal,
      owner,
      page,
      onProgress: (event: HttpEvent<unknown>) => caller.next(event),
    }
    connection.send(client, call).then(
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

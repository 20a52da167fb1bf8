import '@angular/compiler'
// That of Node: jsdom's is none for the Response of Node.
import { Blob } from 'node:buffer'
import {
  HttpClient,
  HttpContext,
  HttpErrorResponse,
  HttpEventType,
  HttpHeaders,
  type HttpInterceptorFn,
  HttpResponse,
  provideHttpClient,
  withFetch,
  withInterceptors,
} from '@angular/common/http'
import { type EnvironmentProviders, type Provider, provideZonelessChangeDetection } from '@angular/core'
import { createApplication } from '@angular/platform-browser'
import { HttpResponse as Answer } from 'msw'
import { firstValueFrom, lastValueFrom, Observable, of, retry, throwError, toArray } from 'rxjs'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { LATCHKEY, provideSession, sessionInterceptor } from '../../src/angular.js'
import {
  isAuthError,
  type Reply,
  type Session,
  type SessionEvent,
  shouldRetry,
  type TokenSet,
} from '../../src/index.js'
import { headerPair, jsonRefresh } from '../../src/servers.js'
import { authorizationOf, useBackend } from '../support/backend.js'
import { deferred } from '../support/deferred.js'
import { openSession } from '../support/guarded-api.js'
import { typesOf } from '../support/types-of.js'

const backend = useBackend()

async function start(...providers: (Provider | EnvironmentProviders)[]): Promise<HttpClient> {
  const app = await createApplication({ providers: [provideZonelessChangeDetection(), ...providers] })
  onTestFinished(() => app.destroy())
  return app.injector.get(HttpClient)
}

/** What a call fails with. */
const failureOf = (call: Observable<unknown>): Promise<HttpErrorResponse & { cause?: unknown }> =>
  firstValueFrom(call).then(
    () => expect.fail('The call succeeded'),
    (error) => error,
  )

const backends = [
  ['XMLHttpRequest', () => []],
  ['fetch', () => [withFetch()]],
] as const

describe.each(backends)('HttpClient over %s', (_, features) => {
  async function signIn(
    session: Session = openSession(),
    others: HttpInterceptorFn[] = [],
  ): Promise<{ session: Session; http: HttpClient; events: SessionEvent[] }> {
    const events: SessionEvent[] = []
    session.on((event) => events.push(event))
    await session.setTokens({ accessToken: 'access-1', refreshToken: 'refresh-1' })
    const http = await start(
      provideHttpClient(withInterceptors([...others, sessionInterceptor]), ...features()),
      provideSession(session),
    )
    return { session, http, events }
  }

  test('a request carries the access token', async () => {
    const { http } = await signIn()
    expect(await firstValueFrom(http.get('/api/me'))).toEqual({ path: '/api/me' })
    expect(backend.calls.map(authorizationOf)).toEqual(['Bearer access-1'])
  })

  test('ten requests at once that are refused cost one refresh, and all are answered', async () => {
    const { http } = await signIn()
    backend.accepted.clear()
    const paths = Array.from({ length: 10 }, (_, index) => `/api/${index}`)
    const replies = await Promise.all(paths.map((path) => firstValueFrom(http.get(path))))
    expect(replies).toEqual(paths.map((path) => ({ path })))
    expect(backend.refreshes.length).toBe(1)
    expect(backend.calls.length).toBe(20)
  })

  test('a request sent again has its body, its headers and its method', async () => {
    const { http } = await signIn()
    backend.accepted.clear()
    const headers = new HttpHeaders({ 'x-own': 'kept' })
    await firstValueFrom(http.put('/api/order', { article: 7 }, { headers }))
    expect(backend.calls.map(({ method, text }) => [method, text])).toEqual([
      ['PUT', '{"article":7}'],
      ['PUT', '{"article":7}'],
    ])
    expect(backend.calls.map((call) => [authorizationOf(call), call.headers.get('x-own')])).toEqual([
      ['Bearer access-1', 'kept'],
      ['Bearer access-2', 'kept'],
    ])
  })

  test('a request that rxjs tries again is refused once its user is gone', async () => {
    const { session, http } = await signIn()
    backend.accepted.add('bob')
    backend.answer = () => new Answer(null, { status: 503 })
    const call = http.put('/api/order', { of: 'alice' }).pipe(
      retry({
        count: 1,
        delay: async () => {
          await session.setTokens({ accessToken: 'bob', refreshToken: 'refresh-bob' })
        },
      }),
    )
    const error = await failureOf(call)
    expect(error.cause).toMatchObject({ code: 'SESSION_CHANGED' })
    expect(backend.calls.map(authorizationOf)).toEqual(['Bearer access-1'])
  })

  test('nothing but the session sees the token: other interceptors run once, without it', async () => {
    const seen: (string | null)[] = []
    const other: HttpInterceptorFn = (request, next) => {
      seen.push(request.headers.get('Authorization'))
      return next(request)
    }
    const { http } = await signIn(openSession(), [other])
    backend.accepted.clear()
    await firstValueFrom(http.get('/api/me'))
    expect(seen).toEqual([null])
  })

  test('events of a request that is not held are those of HttpClient', async () => {
    const { http } = await signIn()
    const events = await lastValueFrom(
      http.get('/api/me', { observe: 'events', reportProgress: true }).pipe(toArray()),
    )
    expect(events[0]).toEqual({ type: HttpEventType.Sent })
    expect(events.at(-1)).toBeInstanceOf(HttpResponse)
    expect(events.filter(({ type }) => type === HttpEventType.Response).length).toBe(1)
  })

  test.each(['https://elsewhere.test/api', '//elsewhere.test/api', 'https://app.test.elsewhere.test/'])(
    '%s gets no token',
    async (url) => {
      const { http } = await signIn()
      await failureOf(http.get(url))
      expect(backend.calls.map(authorizationOf)).toEqual([null])
      expect(backend.refreshes).toEqual([])
    },
  )

  test('an allowed origin of the session gets the token', async () => {
    const { http } = await signIn(openSession({ allowedOrigins: ['https://api.elsewhere.test'] }))
    await firstValueFrom(http.get('https://api.elsewhere.test/me'))
    expect(backend.calls.map(authorizationOf)).toEqual(['Bearer access-1'])
  })

  test('the origin of the refresh endpoint gets the token', async () => {
    const { http } = await signIn(
      openSession({ refresh: headerPair({ url: 'https://api.elsewhere.test/auth/refresh' }) }),
    )
    await firstValueFrom(http.get('https://api.elsewhere.test/me'))
    expect(backend.calls.map(authorizationOf)).toEqual(['Bearer access-1'])
  })

  test('once the session is disposed of, requests go out as they are', async () => {
    const { session, http } = await signIn()
    session.dispose()
    expect(await failureOf(http.get('/api/me'))).toMatchObject({ status: 401 })
    expect(backend.calls.map(authorizationOf)).toEqual([null])
  })

  test("the caller's own Authorization goes out as it is, and its 401 is its own", async () => {
    const { http } = await signIn()
    const failure = await failureOf(http.get('/api/me', { headers: { Authorization: 'Basic abc' } }))
    expect(failure.status).toBe(401)
    expect(backend.calls.map(authorizationOf)).toEqual(['Basic abc'])
    expect(backend.refreshes).toEqual([])
  })

  test.each([
    [false, null, 0],
    [{ attach: false }, null, 0],
    [{ refresh: false }, 'Bearer access-1', 0],
    [{}, 'Bearer access-1', 1],
  ] as const)('LATCHKEY %j sends %s and costs %i refreshes', async (said, authorization, refreshes) => {
    const { http } = await signIn()
    backend.accepted.clear()
    backend.renew = () => Answer.json({}, { status: 401 })
    await failureOf(http.get('/api/me', { context: new HttpContext().set(LATCHKEY, said) }))
    expect(backend.calls.map(authorizationOf)).toEqual([authorization])
    expect(backend.refreshes.length).toBe(refreshes)
  })

  test('a session that ends hands its callers the 401 of the API, with the reason as its cause', async () => {
    const { session, http } = await signIn()
    backend.answer = () => Answer.json({ message: 'expired' }, { status: 401 })
    backend.renew = () => Answer.json({}, { status: 401 })
    const failure = await failureOf(http.get('/api/me'))
    expect(failure).toMatchObject({ name: 'HttpErrorResponse', status: 401, error: { message: 'expired' } })
    expect(isAuthError(failure.cause, 'SESSION_EXPIRED')).toBe(true)
    expect(shouldRetry(0, failure)).toBe(false)
    expect(session.state).toEqual({ status: 'signed-out', reason: 'expired' })
  })

  test('a request that never went out fails with status 0 and the AuthError', async () => {
    const { session, http } = await signIn()
    await session.setTokens({ accessToken: 'access-1', refreshToken: 'refresh-1', expiresIn: 0.001 })
    await vi.waitFor(() => expect(session.state).toMatchObject({ expiresAt: expect.toSatisfy(isPast) }))
    backend.renew = () => Answer.json({}, { status: 401 })
    const failure = await failureOf(http.get('/api/me'))
    expect(failure).toMatchObject({ name: 'HttpErrorResponse', status: 0, statusText: 'SESSION_EXPIRED' })
    expect(isAuthError(failure.error, 'SESSION_EXPIRED')).toBe(true)
    expect(failure.cause).toBe(failure.error)
    expect(backend.calls).toEqual([])
  })

  test('a URL with a password in it is not sent', async () => {
    const { http } = await signIn()
    const failure = await failureOf(http.get('http://ada:secret@app.test/api/me'))
    expect(failure).toMatchObject({ status: 0, statusText: 'UNSAFE_URL' })
    expect(backend.calls).toEqual([])
  })

  test('an error that is no expiry reaches the caller as it came', async () => {
    const { http } = await signIn()
    backend.answer = () => Answer.json({ message: 'not yours' }, { status: 403 })
    const failure = await failureOf(http.get('/api/me'))
    expect(failure).toMatchObject({ status: 403, error: { message: 'not yours' } })
    expect('cause' in failure).toBe(false)
    expect(backend.refreshes).toEqual([])
  })

  test('a request that got no reply fails as HttpClient has it, and costs no refresh', async () => {
    const { http } = await signIn()
    backend.answer = () => Answer.error()
    expect(await failureOf(http.get('/api/me'))).toMatchObject({ name: 'HttpErrorResponse', status: 0 })
    expect(backend.refreshes).toEqual([])
  })

  test('a caller that unsubscribes while held gives up its place, and the refresh goes on', async () => {
    const { session, http, events } = await signIn()
    backend.accepted.clear()
    const renewed = deferred<Response>()
    backend.renew = () => renewed.promise
    const heard = vi.fn()
    const call = http.get('/api/me').subscribe({ next: heard, error: heard, complete: heard })
    await vi.waitFor(() => expect(typesOf(events)).toContain('request-held'))
    call.unsubscribe()
    await vi.waitFor(() => expect(events.at(-1)).toMatchObject({ type: 'request-released', code: 'ABORTED' }))
    renewed.resolve(Answer.json({ accessToken: 'access-2', refreshToken: 'refresh-2' }))
    await vi.waitFor(async () => expect(await session.getAccessToken()).toBe('access-2'))
    expect(backend.calls.length).toBe(1)
    expect(heard).not.toHaveBeenCalled()
  })

  test('a caller that unsubscribes while the request is under way ends it', async () => {
    const ended = vi.fn()
    const slow: HttpInterceptorFn = () => new Observable(() => ended)
    const session = openSession()
    await session.setTokens({ accessToken: 'access-1' })
    const http = await start(
      provideHttpClient(withInterceptors([sessionInterceptor, slow]), ...features()),
      provideSession(session),
    )
    const call = http.get('/api/me').subscribe()
    expect(ended).not.toHaveBeenCalled()
    call.unsubscribe()
    expect(ended).toHaveBeenCalledOnce()
  })

  test('an interceptor behind the session that answers nothing completes the call', async () => {
    const session = openSession()
    await session.setTokens({ accessToken: 'access-1' })
    const nothing: HttpInterceptorFn = () => of()
    const http = await start(
      provideHttpClient(withInterceptors([sessionInterceptor, nothing]), ...features()),
      provideSession(session),
    )
    expect(await lastValueFrom(http.get('/api/me'), { defaultValue: 'nothing' })).toBe('nothing')
  })

  test('a 401 from where a redirect has led costs no refresh', async () => {
    const session = openSession()
    await session.setTokens({ accessToken: 'access-1', refreshToken: 'refresh-1' })
    const elsewhere: HttpInterceptorFn = () =>
      throwError(() => new HttpErrorResponse({ status: 401, url: 'https://elsewhere.test/' }))
    const http = await start(
      provideHttpClient(withInterceptors([sessionInterceptor, elsewhere]), ...features()),
      provideSession(session),
    )
    expect(await failureOf(http.get('/api/me'))).toMatchObject({
      status: 401,
      url: 'https://elsewhere.test/',
    })
    expect(backend.refreshes).toEqual([])
  })

  test.each([
    ['has moved on', 'http://app.test/x/api/me', () => history.pushState(null, '', '/y/')],
    ['stays', 'api/me', () => {}],
  ])('a request that is held while the page %s is sent as %s', async (_, expected, change) => {
    history.replaceState(null, '', '/x/')
    onTestFinished(() => history.replaceState(null, '', '/'))
    const session = openSession()
    await session.setTokens({ accessToken: 'access-1', refreshToken: 'refresh-1', expiresIn: 0.001 })
    await vi.waitFor(() => expect(session.state).toMatchObject({ expiresAt: expect.toSatisfy(isPast) }))
    const renewed = deferred<Response>()
    backend.renew = () => renewed.promise
    const seen: string[] = []
    const record: HttpInterceptorFn = ({ url }) => {
      seen.push(url)
      return of(new HttpResponse({ status: 200 }))
    }
    const http = await start(
      provideHttpClient(withInterceptors([sessionInterceptor, record]), ...features()),
      provideSession(session),
    )
    const call = firstValueFrom(http.get('api/me'))
    change()
    renewed.resolve(Answer.json({ accessToken: 'access-2', refreshToken: 'refresh-2' }))
    await call
    expect(seen).toEqual([expected])
  })

  test('a 401 that is told to come from the page, as a native bridge does, is cured', async () => {
    const session = openSession({ allowedOrigins: ['https://api.elsewhere.test'] })
    await session.setTokens({ accessToken: 'access-1', refreshToken: 'refresh-1' })
    const statuses = [401, 200]
    const bridge: HttpInterceptorFn = () => {
      const reply = { status: statuses.shift() ?? 200, url: '/_capacitor_http_interceptor_?u=x' }
      return reply.status === 200
        ? of(new HttpResponse(reply))
        : throwError(() => new HttpErrorResponse(reply))
    }
    const http = await start(
      provideHttpClient(withInterceptors([sessionInterceptor, bridge]), ...features()),
      provideSession(session),
    )
    await firstValueFrom(http.get('https://api.elsewhere.test/me'))
    expect(backend.refreshes).toHaveLength(1)
  })

  test('a refresh that is sent through the guarded HttpClient does not wait for itself', async () => {
    const session = openSession({
      refresh: ({ tokens: { refreshToken } }) =>
        firstValueFrom(http.post<TokenSet>('/auth/renew', { refreshToken })),
    })
    const { http, events } = await signIn(session)
    backend.answer = (call) =>
      call.url.pathname === '/auth/renew' || authorizationOf(call) === 'Bearer access-2'
        ? Answer.json({ accessToken: 'access-2', refreshToken: 'refresh-2' })
        : Answer.json({}, { status: 401 })
    await firstValueFrom(http.get('/api/me'))
    expect(backend.calls.map(authorizationOf)).toEqual(['Bearer access-1', null, 'Bearer access-2'])
    expect(events).toContainEqual(expect.objectContaining({ code: 'REFRESH_THROUGH_CLIENT' }))
  })

  test('a second refusal goes to the caller, after one refresh', async () => {
    const { http } = await signIn()
    backend.answer = () => Answer.json({}, { status: 401 })
    const failure = await failureOf(http.get('/api/me'))
    expect(failure.status).toBe(401)
    expect(backend.calls.map(authorizationOf)).toEqual(['Bearer access-1', 'Bearer access-2'])
    expect(backend.refreshes.length).toBe(1)
  })

  test('an expiry is recognised by the body of the reply where the option isExpired says how', async () => {
    const isExpired = ({ body }: { body?: unknown }): boolean =>
      (body as { code?: string } | null)?.code === 'EXPIRED'
    const { http } = await signIn(openSession({ isExpired }))
    backend.answer = (call) =>
      authorizationOf(call) === 'Bearer access-1'
        ? Answer.json({ code: 'EXPIRED' }, { status: 403 })
        : Answer.text('fresh')
    expect(await firstValueFrom(http.get('/api/me', { responseType: 'text' }))).toBe('fresh')
    expect(backend.refreshes.length).toBe(1)
  })
})

describe('an expiry that only the body of a 200 tells is seen', () => {
  const json = '{"code":401}'
  const codeIs401 = ({ body }: Reply): boolean => (body as { code?: number } | undefined)?.code === 401

  /** A server that says all with this status: `body` to the first request, and to all others 'fine'. */
  async function open(body: unknown, isExpired: (reply: Reply) => boolean, status = 200) {
    const session = openSession({ refresh: jsonRefresh({ url: 'http://app.test/auth/refresh' }), isExpired })
    await session.setTokens({ accessToken: 'access-1', refreshToken: 'refresh-1' })
    let calls = 0
    const server: HttpInterceptorFn = () => {
      if (calls++ > 0) return of(new HttpResponse({ status: 200, body: 'fine' }))
      return status < 300
        ? of(new HttpResponse({ status, body }))
        : throwError(() => new HttpErrorResponse({ status, error: body }))
    }
    return start(provideHttpClient(withInterceptors([sessionInterceptor, server])), provideSession(session))
  }

  test.each<[string, unknown]>([
    ['in an object', { code: 401 }],
    ['in text', json],
    ['in a blob', new Blob([json], { type: 'application/json' })],
    ['in an ArrayBuffer', new TextEncoder().encode(json).buffer],
  ])('%s, of an error too', async (_, body) => {
    backend.renew = () => Answer.json({ accessToken: 'access-2' })
    for (const status of [200, 400]) {
      const http = await open(body, codeIs401, status)
      expect(await firstValueFrom(http.get('/file', { responseType: 'text' }))).toBe('fine')
    }
    expect(backend.refreshes).toHaveLength(2)
  })

  test('and a blob that was looked at is the caller’s, unread and whole', async () => {
    vi.stubGlobal('Blob', Blob)
    onTestFinished(() => void vi.unstubAllGlobals())
    const blob = new Blob(['{"code":0}'])
    const http = await open(blob, codeIs401)
    const given = await firstValueFrom(http.get('/file', { responseType: 'blob' }))
    expect(given).toBe(blob)
    expect(await given.text()).toBe('{"code":0}')
  })

  test('as far as 64 KiB of text, of a blob or of a buffer', async () => {
    const long = 'x'.repeat(2 ** 16 + 9)
    const seen: unknown[] = []
    for (const body of [long, new Blob([long]), new TextEncoder().encode(long).buffer]) {
      const http = await open(body, (reply) => seen.push(reply.body) < 0)
      await firstValueFrom(http.get('/file'))
    }
    expect(seen).toEqual(Array(3).fill('x'.repeat(2 ** 16)))
  })
})

const isPast = (instant: unknown): boolean => typeof instant === 'number' && instant < Date.now()

test('without provideSession the interceptor fails the call, and says what to do', async () => {
  const http = await start(provideHttpClient(withInterceptors([sessionInterceptor])))
  await expect(firstValueFrom(http.get('/api/me'))).rejects.toThrow(
    'There is no session: add provideSession(session) to the providers',
  )
})

test('provideSession of what is no session says so at once', () => {
  expect(() => provideSession(undefined as never)).toThrow(TypeError)
  expect(() => provideSession({} as never)).toThrow('a session made by createSession')
})

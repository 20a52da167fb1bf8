import { QueryClient, QueryClientProvider, useQuery } from '@tanstack/react-query'
import type { AxiosInstance } from 'axios'
import { HttpResponse } from 'msw'
import { createElement, type ReactNode, StrictMode } from 'react'
import { createRoot, type Root } from 'react-dom/client'
import { expect, onTestFinished, test, vi } from 'vitest'
import { isAuthError, type Session, type SessionEvent, shouldRetry } from '../../src/index.js'
import { useBackend } from '../support/backend.js'
import { deferred } from '../support/deferred.js'
import { signIn } from '../support/guarded-api.js'

const backend = useBackend()

function Query({ api, path }: { api: AxiosInstance; path: string }): ReactNode {
  const { data, error, status } = useQuery({
    queryKey: [path],
    queryFn: ({ signal }) => api.get(path, { signal }).then(({ data }) => data),
  })
  if (error) return isAuthError(error.cause) ? ` ${error.cause.code}` : ` ${error.message}`
  return status === 'success' ? ` ${data.path}` : ' waiting'
}

interface Page {
  client: QueryClient
  root: Root
  text(): string
  show(node: ReactNode): void
}

function openPage(): Page {
  const client = new QueryClient({
    defaultOptions: { queries: { retry: shouldRetry, retryDelay: 0, refetchOnWindowFocus: false } },
  })
  const element = document.createElement('main')
  const root = createRoot(element)
  onTestFinished(() => {
    root.unmount()
    client.clear()
  })
  return {
    client,
    root,
    text: () => element.textContent.trim(),
    show: (node) => root.render(createElement(QueryClientProvider, { client }, node)),
  }
}

const queries = (api: AxiosInstance, ...paths: string[]): ReactNode[] =>
  paths.map((path) => createElement(Query, { api, path, key: path }))

const eventually = (read: () => unknown): ReturnType<typeof expect.poll> => expect.poll(read)

test('queries that are mounted twice by StrictMode meet an expiry with one refresh', async () => {
  const { api } = await signIn()
  backend.accepted.clear()
  const page = openPage()
  page.show(createElement(StrictMode, null, queries(api, '/a', '/b', '/c')))
  await eventually(page.text).toBe('/api/a /api/b /api/c')
  expect(backend.refreshes.length).toBe(1)
})

test('a query is not tried again on a session that has ended', async () => {
  const { session, api } = await signIn()
  backend.accepted.clear()
  backend.renew = () => HttpResponse.json({ message: 'sign in again' }, { status: 401 })
  const page = openPage()
  page.show(queries(api, '/a', '/b'))
  await eventually(page.text).toBe('SESSION_EXPIRED SESSION_EXPIRED')
  expect(session.state).toEqual({ status: 'signed-out', reason: 'expired' })
  expect(backend.calls.length).toBe(2)
  expect(backend.refreshes.length).toBe(1)
})

test('a query is not tried again where the server has said no', async () => {
  const { api } = await signIn()
  backend.answer = () => HttpResponse.json({ message: 'not yours' }, { status: 403 })
  const page = openPage()
  page.show(queries(api, '/a'))
  await eventually(page.text).toBe('Request failed with status code 403')
  expect(backend.calls.length).toBe(1)
})

test('a query that met a server in trouble is tried again three times', async () => {
  const { api } = await signIn()
  backend.answer = () => HttpResponse.json({}, { status: 503 })
  const page = openPage()
  page.show(queries(api, '/a'))
  await eventually(page.text).toBe('Request failed with status code 503')
  expect(backend.calls.length).toBe(4)
})

test('a query that goes away while it is held gives up its place, and the refresh goes on', async () => {
  const { session, api } = await signIn()
  const events: SessionEvent[] = []
  session.on((event) => events.push(event))
  backend.accepted.clear()
  const renewed = deferred<Response>()
  backend.renew = () => renewed.promise
  const page = openPage()
  page.show(queries(api, '/a', '/b'))
  await vi.waitFor(() => expect(backend.refreshes.length).toBe(1))
  await vi.waitFor(() => expect(held(events)).toEqual(['/api/a', '/api/b']))

  page.show(queries(api, '/b'))
  await vi.waitFor(() => expect(held(events)).toEqual(['/api/b']))
  expect(events.filter(({ type }) => type === 'request-released')).toMatchObject([{ code: 'ABORTED' }])

  const sent = backend.calls.length
  backend.accepted.add('access-2')
  renewed.resolve(HttpResponse.json({ accessToken: 'access-2', refreshToken: 'refresh-2' }))
  await eventually(page.text).toBe('/api/b')
  expect(backend.calls.slice(sent).map(({ url }) => url.pathname)).toEqual(['/api/b'])
  expect(await session.getAccessToken()).toBe('access-2')
})

/** The paths of the requests that wait. */
function held(events: readonly SessionEvent[]): string[] {
  const waiting = new Map<number, string>()
  for (const event of events) {
    if (event.type === 'request-held') waiting.set(event.id, new URL(event.url).pathname)
    if (event.type === 'request-released' || event.type === 'request-replayed') waiting.delete(event.id)
  }
  return [...waiting.values()].sort()
}

test('cleared when the user changes, the cache shows nobody what another has fetched', async () => {
  const { session, api } = await signIn()
  const page = openPage()
  clearOnUserChange(session, page.client)
  page.show(queries(api, '/a'))
  await eventually(page.text).toBe('/api/a')

  await session.signOut()
  expect(
    page.client
      .getQueryCache()
      .getAll()
      .map(({ state }) => state.data),
  ).toEqual([])
  page.show([])

  backend.answer = () => HttpResponse.json({ path: 'for grace' })
  await session.setTokens({ accessToken: 'access-9', refreshToken: 'refresh-9' })
  page.show(queries(api, '/a'))
  await eventually(page.text).toBe('for grace')
})

test('a switch of user without a sign-out clears the cache too, and a refresh does not', async () => {
  const { session, api } = await signIn()
  const page = openPage()
  const clear = vi.spyOn(page.client, 'clear')
  clearOnUserChange(session, page.client)
  backend.accepted.clear()
  await api.get('/a')
  expect(backend.refreshes.length).toBe(1)
  expect(clear).not.toHaveBeenCalled()
  await session.setTokens({ accessToken: 'access-9', refreshToken: 'refresh-9' })
  expect(clear).toHaveBeenCalledOnce()
})

/** As the guides have it. */
function clearOnUserChange(session: Session, client: QueryClient): void {
  session.on(({ type }) => {
    if (type === 'signed-in' || type === 'signed-out' || type === 'expired') client.clear()
  })
}

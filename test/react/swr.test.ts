import type { AxiosInstance } from 'axios'
import { HttpResponse } from 'msw'
import { createElement, type ReactNode } from 'react'
import { createRoot } from 'react-dom/client'
import useSWR, { type Cache, mutate, SWRConfig, type SWRConfiguration } from 'swr'
import { expect, onTestFinished, test, vi } from 'vitest'
import { isAuthError, type Session, shouldRetry } from '../../src/index.js'
import { useBackend } from '../support/backend.js'
import { signIn } from '../support/guarded-api.js'

const backend = useBackend()

function Query({ path }: { path: string }): ReactNode {
  const { data, error } = useSWR(path)
  if (error) return isAuthError(error.cause) ? ` ${error.cause.code}` : ` ${error.message}`
  return data ? ` ${data.path}` : ' waiting'
}

/** A cache that no other test shares. */
const ownCache: SWRConfiguration = { provider: (): Cache => new Map() }

/** Shows the queries; what it returns reads the page. */
function open(api: AxiosInstance, paths: string[], options = ownCache): () => string {
  const element = document.createElement('main')
  const root = createRoot(element)
  onTestFinished(() => root.unmount())
  const value = {
    fetcher: (path: string) => api.get(path).then(({ data }) => data),
    shouldRetryOnError: (error: unknown) => shouldRetry(0, error),
    errorRetryInterval: 1,
    errorRetryCount: 3,
    ...options,
  }
  root.render(
    createElement(SWRConfig, { value }, ...paths.map((path) => createElement(Query, { path, key: path }))),
  )
  return () => element.textContent.trim()
}

const eventually = (read: () => unknown): ReturnType<typeof expect.poll> =>
  expect.poll(read, { timeout: 5000 })

test('two queries of SWR meet an expiry with one refresh', async () => {
  const { api } = await signIn()
  backend.accepted.clear()
  const text = open(api, ['/a', '/b'])
  await eventually(text).toBe('/api/a /api/b')
  expect(backend.refreshes.length).toBe(1)
})

test('a query of SWR is not tried again on a session that has ended', async () => {
  const { api } = await signIn()
  backend.accepted.clear()
  backend.renew = () => HttpResponse.json({}, { status: 401 })
  const onErrorRetry = vi.fn()
  const text = open(api, ['/a'], { ...ownCache, onErrorRetry })
  await eventually(text).toBe('SESSION_EXPIRED')
  expect(onErrorRetry).not.toHaveBeenCalled()
  expect(backend.calls.length).toBe(1)
})

test('a query of SWR that met a server in trouble is tried again', async () => {
  const { api } = await signIn()
  let troubles = 2
  backend.answer = () =>
    troubles-- > 0 ? HttpResponse.json({}, { status: 503 }) : HttpResponse.json({ path: 'mended' })
  const text = open(api, ['/a'])
  await eventually(text).toBe('mended')
  expect(backend.calls.length).toBe(3)
})

test('emptied when the user changes, as the guides have it, SWR shows nobody what another has fetched', async () => {
  const { session, api } = await signIn()
  clearOnUserChange(session)
  const text = open(api, ['/a'], {})
  await eventually(text).toBe('/api/a')
  backend.answer = () => HttpResponse.json({ path: 'for grace' })
  await session.setTokens({ accessToken: 'access-9', refreshToken: 'refresh-9' })
  await eventually(text).toBe('for grace')
  backend.answer = () => HttpResponse.json({}, { status: 401 })
  await session.signOut()
  await eventually(text).toBe('Request failed with status code 401')
})

/** For the cache that all of the app shares. */
function clearOnUserChange(session: Session): void {
  session.on(({ type }) => {
    if (type === 'signed-in' || type === 'signed-out' || type === 'expired') mutate(() => true, undefined)
  })
}

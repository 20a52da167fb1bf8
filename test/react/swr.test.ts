import type { AxiosInstance } from 'axios'
import { HttpResponse } from 'msw'
import { createElement, type ReactNode } from 'react'
import { createRoot } from 'react-dom/client'
import useSWR, { type Cache, SWRConfig, type SWRConfiguration } from 'swr'
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

interface Page {
  cache: Map<string, unknown>
  text(): string
}

function open(api: AxiosInstance, paths: string[], options: SWRConfiguration = {}): Page {
  const cache = new Map()
  const element = document.createElement('main')
  const root = createRoot(element)
  onTestFinished(() => root.unmount())
  const value = {
    fetcher: (path: string) => api.get(path).then(({ data }) => data),
    shouldRetryOnError: (error: unknown) => shouldRetry(0, error),
    errorRetryInterval: 1,
    errorRetryCount: 3,
    provider: () => cache as Cache,
    ...options,
  }
  root.render(
    createElement(SWRConfig, { value }, ...paths.map((path) => createElement(Query, { path, key: path }))),
  )
  return { cache, text: () => element.textContent.trim() }
}

const eventually = (read: () => unknown): ReturnType<typeof expect.poll> =>
  expect.poll(read, { timeout: 5000 })

test('two queries of SWR meet an expiry with one refresh', async () => {
  const { api } = await signIn()
  backend.accepted.clear()
  const { text } = open(api, ['/a', '/b'])
  await eventually(text).toBe('/api/a /api/b')
  expect(backend.refreshes.length).toBe(1)
})

test('a query of SWR is not tried again on a session that has ended', async () => {
  const { api } = await signIn()
  backend.accepted.clear()
  backend.renew = () => HttpResponse.json({}, { status: 401 })
  const onErrorRetry = vi.fn()
  const { text } = open(api, ['/a'], { onErrorRetry })
  await eventually(text).toBe('SESSION_EXPIRED')
  expect(onErrorRetry).not.toHaveBeenCalled()
  expect(backend.calls.length).toBe(1)
})

test('a query of SWR that met a server in trouble is tried again', async () => {
  const { api } = await signIn()
  let troubles = 2
  backend.answer = () =>
    troubles-- > 0 ? HttpResponse.json({}, { status: 503 }) : HttpResponse.json({ path: 'mended' })
  const { text } = open(api, ['/a'])
  await eventually(text).toBe('mended')
  expect(backend.calls.length).toBe(3)
})

test('emptied when the user changes, the cache of SWR shows nobody what another has fetched', async () => {
  const { session, api } = await signIn()
  const { cache, text } = open(api, ['/a'])
  clearOnUserChange(session, cache)
  await eventually(text).toBe('/api/a')
  await session.signOut()
  expect([...cache.keys()]).toEqual([])
})

/** As the guides have it, with the cache that the app gave to `SWRConfig`. */
function clearOnUserChange(session: Session, cache: Map<string, unknown>): void {
  session.on(({ type }) => {
    if (type === 'signed-in' || type === 'signed-out' || type === 'expired') cache.clear()
  })
}

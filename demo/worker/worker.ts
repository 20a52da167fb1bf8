import { type Backend, createBackend, createMemoryTable, mounts } from '../backend/index.js'
import type { Cookies } from '../backend/protocols/protocol.js'
import { openSavedState } from './saved-state.js'

const scope = globalThis as unknown as WorkerScope

interface Server {
  backend: Backend
  cookies: Cookies
  save(): Promise<void>
}

let server: Promise<Server> | undefined

async function start(): Promise<Server> {
  const { state, save } = await openSavedState()
  const { cookies } = state
  const backend = createBackend({
    secret: state.secret,
    state: state.backend,
    tableOf: (side) => createMemoryTable(state.refreshTokens[side]),
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  })
  return {
    backend,
    save,
    // No worker sees the browser's cookies or may set one, so this server keeps them itself.
    cookies: {
      get: (name) => cookies[name] ?? null,
      set(name, value) {
        cookies[name] = value
      },
      remove(name) {
        delete cookies[name]
      },
    },
  }
}

/** What is spent is on the disk before anybody hears of it, for the worker may be stopped at any moment. */
async function answer(path: string, request: Request): Promise<Response> {
  server ??= start()
  const { backend, cookies, save } = await server
  const response = await backend.handle(path, request, cookies)
  await save()
  return response
}

scope.addEventListener('install', (event) => event.waitUntil(scope.skipWaiting()))
scope.addEventListener('activate', (event) => event.waitUntil(scope.clients.claim()))
scope.addEventListener('message', (event) => {
  if (event.data === 'claim') event.waitUntil(scope.clients.claim())
})
scope.addEventListener('fetch', (event) => {
  const { request } = event
  const { origin, pathname } = new URL(request.url)
  const base = new URL(scope.registration.scope)
  if (origin !== base.origin || !pathname.startsWith(base.pathname)) return
  const path = pathname.slice(base.pathname.length)
  if (mounts.some((mount) => path.startsWith(`${mount}/`))) event.respondWith(answer(path, request))
})

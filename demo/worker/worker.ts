import { type Backend, createBackend, createMemoryTable, mounts } from '../backend/index.js'
import type { Cookies } from '../backend/protocols/protocol.js'
import { guardPictures } from './guard-pictures.js'
import { takePages } from './life-cycle.js'
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

/** `null` for what is not the server's. */
function serverPathOf(url: string): string | null {
  const { origin, pathname } = new URL(url)
  const base = new URL(scope.registration.scope)
  if (origin !== base.origin || !pathname.startsWith(base.pathname)) return null
  const path = pathname.slice(base.pathname.length)
  return mounts.some((mount) => path.startsWith(`${mount}/`)) ? path : null
}

const sendOut = globalThis.fetch.bind(globalThis)

/** What a worker sends itself passes no worker, so that the way to this server is a short one. */
async function send(input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
  const request = new Request(input, init)
  const path = serverPathOf(request.url)
  if (path === null) return sendOut(request)
  const response = await answer(path, request)
  if (response.type === 'error') throw new TypeError('Failed to fetch')
  return response
}

takePages(scope)
// The first to answer, and only for what it guards: the server below answers the rest.
guardPictures(scope, send)
scope.addEventListener('fetch', (event) => {
  const path = serverPathOf(event.request.url)
  if (path !== null) event.respondWith(answer(path, event.request))
})

// What runs in every tab: an app with one session. Tests call `window.app`.
import axios, { isAxiosError } from 'axios'
import { withSession } from '../../../src/axios.js'
import {
  createSession,
  indexedDbStore,
  memoryStore,
  type Session,
  type SessionEvent,
  type TokenSet,
  type TokenStore,
  webStorageStore,
} from '../../../src/index.js'
import { cookie, headerPair } from '../../../src/servers.js'
import { createFullStore } from './full-store.js'
import { handOver } from './hand-over.js'
import { holdLongTimers } from './held-timers.js'
import { optionsOf, type PageOptions } from './page-options.js'
import { readRecord, writeRecord } from './record.js'
import { createSlowStore } from './slow-store.js'
import { tell, tellLockRequests } from './tell.js'

const options = optionsOf(location.search)
const load = Math.random().toString(36).slice(2)

if (options.locks === 'none') Object.defineProperty(navigator, 'locks', { value: undefined })
if (options.locks === 'refused') {
  const refuse = () => Promise.reject(new DOMException('The request was denied.', 'SecurityError'))
  Object.defineProperty(navigator.locks, 'request', { value: refuse })
}
if (options.database === 'refused') {
  const refuse = () => {
    throw new DOMException('The operation is insecure.', 'SecurityError')
  }
  Object.defineProperty(indexedDB, 'open', { value: refuse })
}
// As it was in Safari 14, until the page was loaded again.
if (options.database === 'silent')
  Object.defineProperty(indexedDB, 'open', { value: () => new EventTarget() })

// Who takes the lock from a holder that it counts as gone.
let steals = 0
const requestLock = navigator.locks?.request
if (requestLock && !options.locks) {
  const counting = (...args: unknown[]): unknown => {
    if ((args[1] as LockOptions).steal) steals++
    return Reflect.apply(requestLock, navigator.locks, args)
  }
  Object.defineProperty(navigator.locks, 'request', { value: counting, configurable: true })
}

const { name, store, send = 'headers', refreshTimeoutMs } = options
const slow = createSlowStore()
const full = createFullStore()
if (options.role === 'teller') tellLockRequests()
const stores: Record<NonNullable<PageOptions['store']>, TokenStore | ((name: string) => TokenStore)> = {
  indexeddb: indexedDbStore(),
  local: webStorageStore('local'),
  session: webStorageStore('session'),
  memory: memoryStore(),
  slow: slow.store,
  full: full.store,
}
const refresh = { url: '/auth/refresh', headers: { 'X-Load': load } }
const silentStart = send === 'cookie at start'

const createOne = (): Session<{ sub: string }> =>
  createSession({
    refresh:
      send === 'headers'
        ? headerPair(refresh)
        : { ...cookie({ ...refresh, silentStart }), timing: 'after-expiry' },
    ...(name === undefined ? undefined : { name }),
    ...(store === undefined ? undefined : { store: stores[store] }),
    ...(refreshTimeoutMs === undefined ? undefined : { refreshTimeoutMs }),
  })

let session = createOne()
let api = withSession(axios.create({ baseURL: location.origin }), session)
let restored = 0
addEventListener('pageshow', ({ persisted }) => {
  if (persisted) restored++
})
const happened: SessionEvent['type'][] = []
const note = ({ type }: SessionEvent): void => {
  happened.push(type)
  if (options.role === 'teller') tell(type)
}
session.on(note)

const app = {
  /** This very load of the page; a reload is another. */
  load: () => load,
  ready: () => session.ready,

  async signIn(user: string): Promise<void> {
    await session.setTokens(await signedInAs(user))
  },

  signOut: () => session.signOut(),
  /** The access token that requests are sent with now. */
  keeps: () => session.getAccessToken(),
  refresh: () => session.refresh().then(() => 'refreshed', codeOf),

  /** Sends requests at one instant; each outcome is the user's name, or what went wrong. */
  async get(times: number, at = 0): Promise<string[]> {
    await until(at)
    // WebKit makes one request of those that are alike.
    const one = (n: number): Promise<string> =>
      api.get<{ user: string }>('/api/me', { params: { n, at } }).then(({ data }) => data.user, codeOf)
    return Promise.all(Array.from({ length: times }, (_, n) => one(n)))
  },

  /** The same for a call that does something. */
  post: (path: string): Promise<string> =>
    api.post<{ user: string }>(path).then(({ data }) => data.user, codeOf),

  /** What a hot reload does: the session is disposed of, and another one takes its place in the same turn. */
  beginAgain(): void {
    session.dispose()
    session = createOne()
    session.on(note)
    api = withSession(axios.create({ baseURL: location.origin }), session)
  },

  /** Whether a window was opened, for the user to sign in there. */
  openPopup: (url: string): boolean => window.open(url) !== null,

  handOver,
  readRecord,
  writeRecord,
  slowDown: slow.down,
  hasRead: slow.hasRead,
  fillUp: full.fillUp,
  holdLongTimers,

  /** What a duplicate of this tab takes along. */
  copy: (): Record<string, string> => ({ ...sessionStorage }),
  paste: (copy: Record<string, string>): void => void Object.assign(sessionStorage, copy),

  /** How often this page took the lock from its holder. */
  steals: () => steals,

  /** How often the page came back from the back-forward cache. */
  restored: () => restored,

  status: (): string => {
    const { state } = session
    return state.status === 'signed-out' ? `signed-out: ${state.reason}` : state.status
  },

  /** How often each event was told, the requests' own left out. */
  told(): Partial<Record<SessionEvent['type'], number>> {
    const count: Partial<Record<SessionEvent['type'], number>> = {}
    for (const type of happened) {
      if (!type.startsWith('request-')) count[type] = (count[type] ?? 0) + 1
    }
    return count
  },
}

export type App = typeof app

declare global {
  interface Window {
    app: App
  }
}
window.app = app

if (options.role === 'popup') {
  // By the time its user has signed in, it has read the store.
  await session.ready
  const tokens = await signedInAs('ada')
  void session.setTokens(tokens)
  close()
  // The browser takes a window away when it likes: what is said after this turn does not count.
  for (let microtasks = 0; microtasks < 50; microtasks++) await undefined
  BroadcastChannel.prototype.postMessage = () => {}
}
if (options.role === 'teller') {
  await session.ready
  app.get(1).then(([outcome]) => tell(`outcome ${outcome}`))
}

async function signedInAs(user: string): Promise<TokenSet> {
  const cookie = send === 'headers' ? '' : '&cookie'
  const reply = await fetch(`/auth/sign-in?user=${user}${cookie}`, { method: 'POST' })
  return reply.json()
}

async function until(at: number): Promise<void> {
  const leftMs = at - Date.now()
  if (leftMs > 0) await new Promise((resolve) => setTimeout(resolve, leftMs))
}

function codeOf(error: unknown): string {
  if (isAxiosError(error)) return String(error.response?.status ?? error.code)
  return String((error as { code?: unknown }).code ?? error)
}

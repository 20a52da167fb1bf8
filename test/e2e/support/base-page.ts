// What runs in the head of a page, before the rest of it is parsed: requests whose URLs depend on the page.
import axios from 'axios'
import { withSession } from '../../../src/axios.js'
import { withSession as withFetch } from '../../../src/fetch.js'
import { createSession, indexedDbStore, type TokenStore } from '../../../src/index.js'
import { headerPair } from '../../../src/servers.js'

const query = new URLSearchParams(location.search)
const { readyState } = document

/** IndexedDB that answers when the page has been parsed, and not before. */
function lateStore(): TokenStore {
  const inner = indexedDbStore('latchkey')
  const parsed = new Promise<unknown>((resolve) => {
    if (readyState === 'loading') document.addEventListener('DOMContentLoaded', resolve)
    else resolve(undefined)
  })
  return { ...inner, read: () => parsed.then(inner.read) }
}

const session = createSession({ refresh: headerPair({ url: '/auth/refresh' }), store: lateStore() })
const relative = withSession(axios.create({ baseURL: '/api' }), session)
const bare = withSession(axios.create(), session)
const guarded = withFetch(fetch, session)

const adapters = ['xhr', 'fetch'] as const
const sendings = [
  ...adapters.flatMap((adapter) => [
    (body: string) => relative.post(`echo/relative-${adapter}`, body, { adapter }),
    (body: string) => bare.post(`/api/echo/rooted-${adapter}`, body, { adapter }),
    (body: string) => bare.post(`api/echo/bare-${adapter}`, body, { adapter }),
  ]),
  (body: string) => guarded('/api/echo/guarded', { method: 'POST', body }),
]
let outcomes: Promise<(number | string)[]> | undefined

const app = {
  ready: () => session.ready,

  signIn: (expiresIn?: number): Promise<void> =>
    session.setTokens({
      accessToken: 'access-0',
      refreshToken: 'refresh-0',
      ...(expiresIn === undefined ? undefined : { expiresIn }),
    }),

  /** Makes one request of each kind; returns how many. */
  post(): number {
    const one = async (send: (body: string) => Promise<{ status: number }>): Promise<number | string> => {
      try {
        return (await send('the body')).status
      } catch (error) {
        return String(error)
      }
    }
    outcomes = Promise.all(sendings.map(one))
    return sendings.length
  },

  outcomes: () => outcomes,

  insertBase(href: string): void {
    document.head.insertAdjacentHTML('afterbegin', `<base href="${href}">`)
  },

  base: (): string => document.baseURI,
}

export type BaseApp = typeof app

Object.assign(window, { app })
if (query.has('at-once')) app.post()

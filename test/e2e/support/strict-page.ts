// What runs in a page with a strict policy. It starts by itself, and tells the API how it went.
import { violations } from './violations.js'
import './frozen-prototype.js'
import axios from 'axios'
import { withSession } from '../../../src/axios.js'
import {
  createSession,
  memoryStore,
  type Session,
  type SessionOptions,
  webStorageStore,
} from '../../../src/index.js'
import { headerPair } from '../../../src/servers.js'
import { pollution } from './pollution.js'

/** How one life of a session went: what its calls were answered, and how it ended. */
export interface Life {
  label: string
  users: string[]
  status: string
  error?: string
}

export interface Report {
  violations: string[]
  lives: Life[]
  /** Whether the policy refuses what it should, and that is counted. */
  refusedByPolicy: number
  /** What polluted functions were called with. */
  overheard: unknown[]
}

const query = new URLSearchParams(location.search)
const api = String(query.get('api'))
const evil = String(query.get('evil'))

/** By fields of its own, whatever `Object.prototype` holds. */
const post = (path: string, body?: string): Promise<Response> =>
  fetch(api + path, Object.assign(Object.create(null), { method: 'POST', headers: new Headers(), body }))

type StoreName = 'default' | 'local' | 'memory'

/** Made while a prototype is polluted, as an app would. Only the default has a `replace` of its own. */
const stores: Record<StoreName, () => Pick<SessionOptions, 'store'>> = {
  default: () => ({}),
  local: () => ({ store: webStorageStore('local') }),
  memory: () => ({ store: memoryStore() }),
}
const storeNames = Object.keys(stores) as StoreName[]

interface Stages {
  beforeConstruction?(): void
  afterConstruction?(): void
  atTheEnd?(): void
}

/** Sign-in, two calls, expiry, two more calls that cost a refresh and a replay, sign-out. */
async function live(label: string, stages: Stages = {}, store: StoreName = 'default'): Promise<Life> {
  const life: Life = { label, users: [], status: '' }
  let session: Session | undefined
  try {
    stages.beforeConstruction?.()
    const refresh = { ...headerPair({ url: `${api}/auth/refresh` }), timing: 'any' } as const
    session = createSession({ name: label, refresh, ...stores[store]() })
    const client = withSession(axios.create({ baseURL: api }), session)
    stages.afterConstruction?.()
    const reply = await (await post('/auth/sign-in')).json()
    await session.setTokens(reply)
    const get = async (): Promise<string> => (await client.get<{ user: string }>('/me')).data.user
    life.users.push(await get(), await get())
    await post('/auth/expire')
    life.users.push(...(await Promise.all([get(), get()])))
    await session.signOut()
    life.status = session.state.status
  } catch (error) {
    life.error = `${error}`
  } finally {
    session?.dispose()
    stages.atTheEnd?.()
  }
  return life
}

function pollute(name: string, value: unknown): () => void {
  Object.defineProperty(Object.prototype, name, { value, configurable: true, writable: true })
  return () => Reflect.deleteProperty(Object.prototype, name)
}

async function livePolluted(overheard: unknown[]): Promise<Life[]> {
  const lives: Life[] = []
  let during = ''
  for (const [name, value] of pollution(evil, (heard) => overheard.push([during, heard]))) {
    for (const when of ['beforeConstruction', 'afterConstruction'] as const) {
      for (const store of name === 'replace' ? storeNames : (['default'] as const)) {
        let clean = (): void => {}
        during = [name, typeof value, when, store].join(' ')
        const stages = {
          [when]: () => {
            clean = pollute(name, value)
          },
          atTheEnd: () => clean(),
        }
        lives.push(await live(during, stages, store))
      }
    }
  }
  return lives
}

/** What the policy must refuse; each refusal is one violation. */
function provoke(): void {
  for (const forbidden of [() => Function('return 1'), () => trustedTypes().createPolicy('any', {})]) {
    try {
      forbidden()
    } catch {
      // Refused, as it must be.
    }
  }
}

const trustedTypes = (): { createPolicy(name: string, rules: object): unknown } =>
  (window as never as { trustedTypes: ReturnType<typeof trustedTypes> }).trustedTypes

const nextTask = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 50))

const overheard: unknown[] = []
const lives = query.has('polluted') ? await livePolluted(overheard) : [await live('plain')]
await nextTask()
const found = [...violations]
provoke()
await nextTask()
const report: Report = {
  violations: found,
  lives,
  refusedByPolicy: violations.length - found.length,
  overheard,
}
await post('/report', JSON.stringify(report))

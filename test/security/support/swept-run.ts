// Runs by itself, for a polluted `Object.prototype` would break a test runner. Prints one line of JSON: for each name and
// value what a guarded client did that a bare one did not, while `Object.prototype` had them.
import axios, { type AxiosRequestConfig } from 'axios'
import { withSession } from '../../../src/axios.js'
import { withSession as withSessionFetch } from '../../../src/fetch.js'
import { createSession, memoryStore, type Session } from '../../../src/index.js'
import { headerPair } from '../../../src/servers.js'
import { type Pollution, pollutions } from './pollutions.js'

const api = 'https://api.example.com'
const foreign = 'https://foreign.example'
const refreshUrl = `${api}/auth/refresh`

interface Sent {
  url: string
  headers: Map<string, string>
  text: string
}

interface Step {
  sent: Sent[]
  refreshes: Sent[]
  failed: boolean
}

let sent: Sent[] = []
/** The access token that the API takes; `undefined` if it takes any request. */
let current: number | undefined
const platformRequest = Request

/** The network, and both servers behind it. What is sent is read as the platform reads it, inherited fields and all. */
globalThis.fetch = async (input, init) => {
  const request = new platformRequest(input, init)
  const { url } = request
  const headers = new Map([...request.headers])
  sent.push({ url, headers, text: await request.text() })
  const isAccepted =
    current === undefined ||
    !url.startsWith(api) ||
    headers.get('authorization') === `Bearer access-${current}`
  const reply = { status: 200, statusText: '', headers: {} as HeadersInit }
  if (url !== refreshUrl) return new Response('{"ok":true}', { ...reply, status: isAccepted ? 200 : 401 })
  const next = Number(headers.get('refresh')?.replace('refresh-', '')) + 1
  if (Number.isNaN(next)) return new Response('', { ...reply, status: 401 })
  current = next
  const tokens = { 'Content-Type': 'application/json' }
  return new Response(`{"accessToken":"access-${next}","refreshToken":"refresh-${next}"}`, {
    ...reply,
    headers: tokens,
  })
}

/** What a call sent, and whether it came to a reply of 200. */
async function step(call: () => Promise<{ status: number }>): Promise<Step> {
  sent = []
  let failed = true
  try {
    failed = (await call()).status !== 200
  } catch {
    // It has failed, then.
  }
  return {
    sent: sent.filter(({ url }) => url !== refreshUrl),
    refreshes: sent.filter(({ url }) => url === refreshUrl),
    failed,
  }
}

const adapter = 'fetch'
const body = { order: 1 }
const text = '{"order":1}'

/** The same calls by three clients, bare or guarded; before the last two the API takes the token no longer. */
async function story(session: Session | undefined): Promise<Step[]> {
  const allowed = { allowedOrigins: [api] }
  // axios looks once at what the platform can do for each `fetch` that it is given, so the bare one is given a new one too.
  const env: Pick<AxiosRequestConfig, 'env'> = session
    ? {}
    : { env: { fetch: (input, init) => fetch(input, init) } }
  const own = axios.create({ baseURL: api, adapter, ...env })
  let send: typeof fetch = (input, init) => fetch(input, init)
  if (session) {
    withSession(own, session)
    withSession(axios, session, allowed)
    send = withSessionFetch(send, session, allowed) as typeof fetch
  }
  const expire = (): void => {
    if (current !== undefined) current = 0
  }
  const steps = [
    await step(() => own.get('/me')),
    await step(() => own.post('/orders', body)),
    await step(() => axios.get(`${api}/me`, { adapter, ...env })),
    await step(() => axios.post(`${api}/orders`, body, { adapter, ...env })),
    await step(() => send(`${api}/me`)),
    await step(() => send(`${api}/orders`, { method: 'POST', body: text })),
    await step(() => send(`${api}/me`, { headers: { 'X-App': 'spa' } })),
    await step(() => own.get(`${foreign}/me`)),
    await step(() => axios.post(`${foreign}/orders`, body, { adapter, ...env })),
    await step(() => send(`${foreign}/orders`, { method: 'POST', body: text })),
  ]
  expire()
  steps.push(await step(() => own.post('/orders', body)))
  expire()
  steps.push(await step(() => send(`${api}/orders`, { method: 'POST', body: text })))
  return steps
}

const isToken = /(access|refresh)-\d/
const contentOf = ({ url, headers, text }: Sent): string => [url, ...headers.values(), text].join('\n')
const planted = /MINE/
const namesOf = (list: Sent[]): Set<string> => new Set(list.flatMap(({ headers }) => [...headers.keys()]))

/** What is wrong with what the guarded client did. */
function compare(guarded: Step[], bare: Step[]): string[] {
  const problems: string[] = []
  const bareHeaders = namesOf(bare.flatMap(({ sent }) => sent))
  const barePlants = bare.some(({ sent }) => sent.some((each) => planted.test(contentOf(each))))
  // A refresh is a call of fetch without a body: where the platform breaks that, there is none.
  const breaksRefreshes = bare[4]?.failed || bare[5]?.failed
  for (const [index, { sent, refreshes, failed }] of guarded.entries()) {
    const own = bare[index] as Step
    const say = (what: string): number => problems.push(`call ${index}: ${what}`)
    // Planted headers take the place of all others, the token among them.
    const isExcused = own.failed || barePlants || (breaksRefreshes && index >= 10)
    if (failed && !isExcused) say('failed')
    for (const each of [...sent, ...refreshes]) {
      if (!each.url.startsWith(`${api}/`) && isToken.test(contentOf(each))) say(`a token went to ${each.url}`)
      if (!barePlants && planted.test(contentOf(each))) say(`a planted value was sent to ${each.url}`)
    }
    const allowed = new Set([...namesOf(own.sent), 'authorization'])
    for (const name of namesOf(sent)) if (!allowed.has(name)) say(`a header ${name}`)
    const clean = new Set([...bareHeaders, ...refreshHeaders])
    for (const name of namesOf(refreshes)) if (!clean.has(name)) say(`a header ${name} of a refresh`)
    const targets = new Set(own.sent.map(({ url }) => url))
    for (const { url } of sent) if (!own.failed && !targets.has(url)) say(`a request to ${url}`)
  }
  return problems
}

let refreshHeaders = new Set<string>()

async function quietly(work: () => Promise<unknown>): Promise<void> {
  try {
    await work()
  } catch {
    // What it comes to is seen by what it leaves.
  }
}

/** A session from its making to its sign-out. */
async function guardedStory(): Promise<{ steps: Step[]; problems: string[] }> {
  const problems: string[] = []
  const store = memoryStore()
  const session = createSession({ refresh: headerPair({ url: refreshUrl }), store })
  await session.setTokens({ accessToken: 'access-1', refreshToken: 'refresh-1' })
  const steps = await story(session)
  if (session.state.status !== 'signed-in') problems.push(`the session is ${session.state.status}`)
  if (planted.test(String(await session.getAccessToken()))) problems.push('a planted token is in hand')
  if (planted.test(JSON.stringify(await store.read()))) problems.push('a planted token is in the store')
  await session.signOut()
  if (session.state.status !== 'signed-out') problems.push('the sign-out did nothing')
  session.dispose()
  return { steps, problems }
}

/** What may be read from the prototype where nothing is there to be read: no refresh token, and no reply. */
async function bareMinimum(): Promise<string[]> {
  const problems: string[] = []
  const expect = (isSo: boolean, what: string): void => void (isSo || problems.push(what))
  const alone = createSession({ refresh: headerPair({ url: refreshUrl }), store: memoryStore() })
  await alone.setTokens({ accessToken: 'access-1' })
  sent = []
  await quietly(() => alone.refresh())
  expect(!sent.some((each) => planted.test(contentOf(each))), 'a refresh with a planted token')
  expect(!planted.test(String(await alone.getAccessToken())), 'a planted token instead of none')
  await quietly(() => alone.signOut())
  await quietly(() => alone.setTokens({} as never))
  expect(alone.state.status === 'signed-out', 'a sign-in with nothing but what was planted')
  alone.dispose()
  const offline = createSession({
    refresh: () => Promise.reject(new TypeError('Failed to fetch')),
    store: memoryStore(),
  })
  await offline.setTokens({ accessToken: 'access-1', refreshToken: 'refresh-1' })
  await quietly(() => offline.refresh())
  expect(offline.state.status === 'signed-in', 'a refresh without a network ended the session')
  offline.dispose()
  return problems
}

async function during<T>(fields: Record<string, unknown>, work: () => Promise<T>): Promise<T> {
  // Not by a descriptor, which has inherited fields as well.
  for (const [name, value] of Object.entries(fields)) Reflect.set(Object.prototype, name, value)
  try {
    return await work()
  } finally {
    for (const name of Object.keys(fields)) Reflect.deleteProperty(Object.prototype, name)
  }
}

async function bareStory(fields: Record<string, unknown>): Promise<Step[]> {
  current = undefined
  return during(fields, () => story(undefined))
}

/**
 * What is wrong with what the guarded client did: against a bare one without pollution, and only where that finds anything
 * against a bare one that has the same pollution to bear, for most names mean nothing to either.
 */
async function sweep(fields: Record<string, unknown>): Promise<{ problems: string[]; bareFails: boolean }> {
  let steps: Step[] = []
  let thrown: unknown
  const found: string[] = []
  current = 1
  try {
    const guarded = await during(fields, guardedStory)
    steps = guarded.steps
    found.push(...guarded.problems, ...(await during(fields, bareMinimum)))
  } catch (error) {
    thrown = error
  }
  if (refreshHeaders.size === 0) refreshHeaders = namesOf(steps.flatMap(({ refreshes }) => refreshes))
  if (!thrown && found.length === 0 && compare(steps, cleanBare).length === 0) {
    return { problems: [], bareFails: false }
  }
  const bare = await bareStory(fields)
  const bareFails = bare.some(({ failed }) => failed)
  // Not even a property can be defined while `get` is polluted, for one.
  if (thrown && !bareFails) found.push(`threw ${String(thrown)}`)
  return { problems: [...found, ...compare(steps, bare)], bareFails }
}

const names: string[] = JSON.parse(process.argv[2] ?? '[]')
const cleanBare = await bareStory({})
const clean = await sweep({})
const problems: Record<string, string[]> = Object.create(null)
const broken: string[] = []
let tried = 0

/** Several names at once, for most of them mean nothing to anyone; one by one where they come to something. */
async function sweepAll(list: Pollution[]): Promise<void> {
  const { problems: found, bareFails } = await sweep(Object.assign({}, ...list.map(({ fields }) => fields)))
  const [first, ...others] = list
  const isRight = found.length === 0 && !bareFails
  if (isRight || !first || others.length === 0) tried += list.length
  if (isRight || !first) return
  if (others.length > 0) {
    const half = Math.ceil(list.length / 2)
    await sweepAll(list.slice(0, half))
    await sweepAll(list.slice(half))
    return
  }
  if (bareFails) broken.push(first.what)
  if (found.length > 0) problems[first.what] = found
}

for (const list of pollutions(names)) await sweepAll(list)
process.stdout.write(JSON.stringify({ tried, clean, refreshHeaders: [...refreshHeaders], problems, broken }))

import { HttpResponse } from 'msw'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { memoryStore, type Session, type TokenSet } from '../../src/index.js'
import { type GuardFetchOptions, guardFetch } from '../../src/service-worker.js'
import { authorizationOf, refreshUrl, useBackend } from '../support/backend.js'
import { createFakeWorker, type FakeWorker } from '../support/fake-worker.js'
import { openSession } from '../support/guarded-api.js'
import { settled } from '../support/settled.js'

const backend = useBackend()
beforeEach(() => vi.useFakeTimers({ toFake: ['Date'] }))
afterEach(() => {
  vi.restoreAllMocks()
  vi.useRealTimers()
})

const origin = 'http://app.test'
const files = 'https://files.test'
const tokens = { accessToken: 'access-1', refreshToken: 'refresh-1' }

function guard(session: Session, options: Partial<GuardFetchOptions> = {}): FakeWorker {
  const worker = createFakeWorker()
  guardFetch(worker, session, { allowedOrigins: [origin, files], ...options })
  return worker
}

/** A worker whose user is signed in. */
async function start(options?: Partial<GuardFetchOptions>, more: Partial<TokenSet> = {}) {
  const session = openSession()
  await session.setTokens({ ...tokens, ...more })
  return { session, worker: guard(session, options) }
}

/** As a browser makes one; Node makes none of that mode. */
const navigation = (url: string, init?: RequestInit): Request =>
  Object.defineProperty(new Request(url, init), 'mode', { value: 'navigate' })

const image = (url: string, init?: RequestInit): Request => new Request(url, { mode: 'no-cors', ...init })
const carried = (): (string | null)[] => backend.calls.map(authorizationOf)

describe('a request of a page', () => {
  test.each([
    ['an image', image(`${origin}/a.png`)],
    ['an image of another origin', image(`${files}/a.png`)],
    ['one with CORS', new Request(`${files}/a.png`)],
    ['HEAD', new Request(`${files}/a.png`, { method: 'HEAD' })],
  ])('gets the token: %s', async (_, request) => {
    const { worker } = await start()
    expect((await worker.fetch(request))?.status).toBe(200)
    expect(carried()).toEqual(['Bearer access-1'])
  })

  test('keeps its other headers, such as a range', async () => {
    const { worker } = await start()
    await worker.fetch(new Request(`${files}/a.mp4`, { headers: { Range: 'bytes=4-7', Accept: 'video/*' } }))
    const [call] = backend.calls
    expect(call?.headers.get('range')).toBe('bytes=4-7')
    expect(call?.headers.get('accept')).toBe('video/*')
  })

  test.each([
    ['a foreign origin', image('https://other.test/a.png')],
    ['an origin that only looks alike', image('https://files.test.evil.test/a.png')],
    ['another port', image('https://files.test:8443/a.png')],
    ['another method', new Request(`${files}/a`, { method: 'POST' })],
    ['an Authorization of its own', new Request(`${files}/a`, { headers: { Authorization: 'Basic YTpi' } })],
    ['a token in its URL', image(`${files}/a?access_token=own`)],
    ['the refresh call', new Request(refreshUrl)],
    ['the refresh call with a query', new Request(`${refreshUrl}?now`)],
    ['a page', navigation(`${origin}/`)],
    [
      'one that asks the cache alone',
      Object.defineProperty(image(`${files}/a`), 'cache', { value: 'only-if-cached' }),
    ],
  ])('is left to the browser: %s', async (_, request) => {
    const { worker } = await start()
    expect(worker.fetch(request)).toBeUndefined()
    expect(backend.calls).toEqual([])
  })

  test("of the worker's own origin is left alone where that is not listed", async () => {
    const { worker } = await start({ allowedOrigins: [files] })
    expect(worker.fetch(image(`${origin}/app.css`))).toBeUndefined()
  })

  test('is left alone where `include` says so', async () => {
    const { worker } = await start({ include: ({ url }) => url.endsWith('.png') })
    expect(worker.fetch(image(`${files}/a.css`))).toBeUndefined()
    expect((await worker.fetch(image(`${files}/a.png`)))?.status).toBe(200)
  })

  test('goes out as it was made while nobody is signed in', async () => {
    const session = openSession()
    const worker = guard(session)
    await session.ready
    expect(await worker.fetch(image(`${files}/a.png`))).toHaveProperty('status', 401)
    await session.setTokens(tokens)
    expect(await worker.fetch(image(`${files}/a.png`))).toHaveProperty('status', 200)
    await session.signOut()
    expect(await worker.fetch(image(`${files}/a.png`))).toHaveProperty('status', 401)
    expect(carried()).toEqual([null, 'Bearer access-1', null])
  })

  test('that comes before the worker hears of the sign-in gets the token', async () => {
    const store = memoryStore()
    const inWorker = openSession({ store, name: 'hears nothing' })
    const worker = guard(inWorker)
    await inWorker.ready
    await openSession({ store }).setTokens(tokens)
    expect(await worker.fetch(image(`${files}/a.png`))).toHaveProperty('status', 200)
    expect(carried()).toEqual(['Bearer access-1'])
  })

  test('that comes before the worker hears of another user goes out for that user', async () => {
    const store = memoryStore()
    const inWorker = openSession({ store })
    const worker = guard(inWorker)
    await inWorker.ready
    await inWorker.setTokens(tokens)
    await openSession({ store, name: 'of another page' }).setTokens({ ...tokens, accessToken: 'access-2' })
    await worker.fetch(image(`${files}/a.png`))
    expect(carried()[0]).toBe('Bearer access-2')
  })

  test('is left alone when the session was disposed of', async () => {
    const { session, worker } = await start()
    session.dispose()
    expect(worker.fetch(image(`${files}/a.png`))).toBeUndefined()
  })

  test('that comes before the store was read goes out as it was made where nobody is signed in', async () => {
    const worker = guard(openSession())
    const request = image(`${files}/a.png`, { headers: { Accept: 'image/*' } })
    const sent = vi.spyOn(globalThis, 'fetch')
    expect((await worker.fetch(request))?.status).toBe(401)
    expect(sent).toHaveBeenCalledExactlyOnceWith(request)
  })
})

describe('a page or a frame', () => {
  test('gets the token by `navigate`', async () => {
    const { worker } = await start({ navigate: true })
    await worker.fetch(navigation(`${origin}/report.html`))
    expect(carried()).toEqual(['Bearer access-1'])
  })

  test('goes out without it where the refresh fails, since the server has a page for that', async () => {
    const { worker } = await start({ navigate: true }, { expiresIn: 60 })
    vi.setSystemTime(Date.now() + 60_000)
    backend.renew = () => new HttpResponse(null, { status: 401 })
    expect((await worker.fetch(navigation(`${origin}/report.html`)))?.status).toBe(401)
    expect(carried()).toEqual([null])
  })
})

describe('an expiry', () => {
  test('is met by many requests, and costs one refresh', async () => {
    const { worker } = await start()
    backend.accepted.clear()
    const replies = await Promise.all(
      Array.from({ length: 20 }, (_, n) => worker.fetch(image(`${files}/${n}.png`))),
    )
    expect(replies.map((reply) => reply?.status)).toEqual(replies.map(() => 200))
    expect(backend.refreshes).toHaveLength(1)
  })

  test('keeps the worker alive until the refresh has ended, whatever becomes of the request', async () => {
    const { worker } = await start()
    backend.accepted.clear()
    const page = new AbortController()
    const { renew } = backend
    let asked = (): void => {}
    const isAsked = new Promise<void>((resolve) => {
      asked = resolve
    })
    let release = (): void => {}
    const released = new Promise<void>((resolve) => {
      release = resolve
    })
    backend.renew = async (call) => {
      asked()
      await released
      return renew(call)
    }
    const reply = worker.fetch(image(`${files}/a.png`, { signal: page.signal }))
    await isAsked
    page.abort()
    await expect(reply).rejects.toHaveProperty('name', 'AbortError')
    expect(worker.kept).toHaveLength(1)
    release()
    await Promise.all(worker.kept)
    expect(backend.accepted).toContain('access-2')
  })

  test('whose refresh fails is a network error for a request, as without network', async () => {
    const { worker } = await start({}, { expiresIn: 60 })
    vi.setSystemTime(Date.now() + 60_000)
    backend.renew = () => new HttpResponse(null, { status: 401 })
    expect((await worker.fetch(image(`${files}/a.png`)))?.type).toBe('error')
    expect(backend.calls).toEqual([])
  })
})

describe('a server that fails the request with the token', () => {
  const refuse = (): void => {
    backend.answer = (call) => (authorizationOf(call) ? HttpResponse.error() : new Response('public'))
  }

  test.each([
    ['an image', image(`${origin}/a.png`)],
    ['one of another origin', new Request(`${files}/a.png`)],
  ])('gets it as it was: %s', async (_, request) => {
    const { worker } = await start()
    refuse()
    expect(await (await worker.fetch(request))?.text()).toBe('public')
    expect(carried()).toEqual(['Bearer access-1', null])
  })

  test('gets it once where CORS plays no part', async () => {
    const { worker } = await start()
    refuse()
    await expect(worker.fetch(new Request(`${origin}/a.json`))).rejects.toThrow(TypeError)
    expect(carried()).toEqual(['Bearer access-1'])
  })
})

describe('other listeners of the worker', () => {
  test('that answered before are not disturbed, and nothing is sent', async () => {
    const session = openSession()
    await session.setTokens(tokens)
    let listener: ((event: Event) => void) | undefined
    const addEventListener = (type: string, given: (event: Event) => void): void => {
      if (type === 'fetch') listener = given
    }
    guardFetch({ addEventListener }, session, { allowedOrigins: [files] })
    const sent = vi.spyOn(globalThis, 'fetch')
    const respondWith = (): never => {
      throw new DOMException('already answered', 'InvalidStateError')
    }
    const event = { request: image(`${files}/a.png`), respondWith, waitUntil() {} }
    expect(() => listener?.(event as unknown as Event)).not.toThrow()
    await settled(5)
    expect(sent).not.toHaveBeenCalled()
  })
})

describe('options that cannot be meant', () => {
  test.each([
    ['no list of origins', { allowedOrigins: undefined }],
    ['an origin with a path', { allowedOrigins: ['https://files.test/a'] }],
    ['a wildcard', { allowedOrigins: ['https://*.test'] }],
    ['plain http', { allowedOrigins: ['http://files.test'] }],
    ['an unknown option', { allowedOrigins: [], navigation: true }],
    ['navigate that is no boolean', { allowedOrigins: [], navigate: 1 }],
    ['include that is no function', { allowedOrigins: [], include: /a/ }],
  ])('throw a TypeError: %s', (_, options) => {
    expect(() => guardFetch(createFakeWorker(), openSession(), options as never)).toThrow(TypeError)
  })

  test('throw a TypeError: what is no session', () => {
    expect(() => guardFetch(createFakeWorker(), {} as never, { allowedOrigins: [] })).toThrow(TypeError)
  })
})

import { HttpResponse } from 'msw'
import { afterEach, describe, expect, test, vi } from 'vitest'
import type { Session, SessionEvent, SessionOptions } from '../../src/index.js'
import { headerPair, tokensAt } from '../../src/servers.js'
import { refreshUrl, useBackend } from '../support/backend.js'
import { signIn } from '../support/guarded-fetch.js'

const backend = useBackend()
afterEach(() => {
  vi.restoreAllMocks()
  vi.unstubAllGlobals()
})

function warningsOf(session: Session): SessionEvent[] {
  const warnings: SessionEvent[] = []
  session.on((event) => event.type === 'warning' && warnings.push(event))
  return warnings
}

const warning = (code: string) => expect.objectContaining({ type: 'warning', code })

/** Refreshes at an endpoint that answers so; in a browser, the type is `cors` where it lies on another origin. */
async function refreshed(reply: () => Response, options: Partial<SessionOptions> = {}) {
  const { session } = await signIn(options)
  const warnings = warningsOf(session)
  vi.spyOn(globalThis, 'fetch').mockImplementation(async () => reply())
  await session.refresh().catch(() => {})
  return warnings
}

const crossOrigin = (body: string | null): Response =>
  Object.defineProperty(new Response(body), 'type', { value: 'cors' })

describe('of a date of expiry that nobody reads', () => {
  const inAnHour = new Date(Date.now() + 3_600_000).toISOString()
  const body = { accessToken: 'access-2', refreshToken: 'refresh-2', expires_at: inAnHour }
  const read = { parse: tokensAt({ accessToken: 'accessToken', expiresAt: 'expires_at' }) }

  test.each<[string, (session: Session) => Promise<unknown>]>([
    ['in a body', (session) => session.setTokens(body)],
    ['in a reply of axios', (session) => session.setTokens({ status: 200, headers: {}, data: body })],
    ['in a reply of fetch', (session) => session.setTokens(Response.json(body))],
    [
      'in the reply to a refresh',
      (session) => {
        vi.spyOn(globalThis, 'fetch').mockImplementation(async () => Response.json(body))
        return session.refresh()
      },
    ],
  ])('there is a warning %s, and none where parse reads it', async (_, take) => {
    const { session } = await signIn()
    const warnings = warningsOf(session)
    await take(session)
    expect(warnings).toEqual([warning('EXPIRY_DATE_NOT_READ')])
    vi.restoreAllMocks()

    const other = await signIn({ refresh: { ...headerPair({ url: refreshUrl }), ...read } })
    const none = warningsOf(other.session)
    await take(other.session)
    expect(none).toEqual([])
    expect(other.session.state).toMatchObject({ expiresAt: expect.any(Number) })
  })
})

describe('of a refresh that brings no token', () => {
  test('a warning names the fields, and no value', async () => {
    const [first, ...rest] = await refreshed(() => Response.json({ jwt: 'top-secret' }))
    expect(first).toEqual(warning('REFRESH_WITHOUT_TOKEN'))
    expect(first).toMatchObject({ message: expect.stringContaining('fields: jwt') })
    expect(JSON.stringify(first)).not.toContain('top-secret')
    expect(rest).toEqual([])
  })

  test('from another origin without JSON, headers are suspected', async () => {
    const warnings = await refreshed(() => crossOrigin(null))
    expect(warnings).toEqual([warning('TOKEN_HEADERS_HIDDEN')])
    expect(warnings[0]).toMatchObject({ message: expect.stringContaining('Access-Control-Expose-Headers') })
  })

  test('for the trouble of the server itself, there is no warning', async () => {
    expect(
      await refreshed(() => new Response(null, { status: 503, headers: { 'Retry-After': '60' } })),
    ).toEqual([])
  })

  test('from another origin with JSON, headers are not suspected', async () => {
    expect(await refreshed(() => crossOrigin('{"ok":true}'))).toEqual([warning('REFRESH_WITHOUT_TOKEN')])
  })

  const ends: Partial<SessionOptions> = {
    refresh: { ...headerPair({ url: refreshUrl }), classify: () => 'ended' },
  }

  test('where that ends the session, hidden headers are suspected all the same', async () => {
    expect(await refreshed(() => crossOrigin(null), ends)).toEqual([warning('TOKEN_HEADERS_HIDDEN')])
  })

  test('where that ends the session on the same origin, there is no warning', async () => {
    expect(await refreshed(() => new Response(null), ends)).toEqual([])
  })
})

test('of a refresh that is not due, a warning names what to look at', async () => {
  const reply = () => Response.json({ message: 'Token is not expired' }, { status: 400 })
  const warnings = await refreshed(reply)
  expect(warnings).toEqual([warning('REFRESH_NOT_DUE')])
  expect(warnings[0]).toMatchObject({ message: expect.stringContaining('timing') })
})

describe('of a refresh through the wrapped client', () => {
  const refreshed = async (status: number, init: RequestInit = { method: 'POST' }) => {
    const { session, api } = await signIn()
    const warnings = warningsOf(session)
    backend.renew = () => new HttpResponse(null, { status })
    await api(refreshUrl, init)
    return warnings
  }

  test.each([200, 401])(
    'that is answered by a %d, there is a warning: its tokens do not reach the session',
    async (status) => {
      expect(await refreshed(status)).toEqual([warning('REFRESH_THROUGH_CLIENT')])
    },
  )

  test('but not of another request to the same place', async () => {
    expect(await refreshed(200, { method: 'GET' })).toEqual([])
  })
})

test.each([
  ['refuses it', () => new HttpResponse('top-secret', { status: 500 })],
  ['is not reached', () => HttpResponse.error()],
])('of a sign-out, where the server %s', async (_, reply) => {
  const refresh = headerPair({ url: refreshUrl, signOut: '/auth/logout' })
  const { session } = await signIn({ refresh })
  const warnings = warningsOf(session)
  backend.answer = reply
  await session.signOut()
  await expect.poll(() => warnings).toEqual([warning('SIGN_OUT_NOT_TOLD')])
  expect(warnings[0]).toMatchObject({ message: expect.stringContaining('sign-out') })
  expect(JSON.stringify(warnings)).not.toContain('top-secret')
})

describe('of a request that fails without a reply', () => {
  const lost = () => HttpResponse.error()
  const elsewhere = 'https://api.test'

  async function failing() {
    const { session, api } = await signIn({ allowedOrigins: [elsewhere, 'https://other.test'] })
    backend.answer = lost
    const call = (url: string, init?: RequestInit): Promise<unknown> => api(url, init).catch(() => {})
    return { session, call, warnings: warningsOf(session) }
  }

  test('across origins, a hidden 401 is suspected once per origin', async () => {
    const { call, warnings } = await failing()
    await call(`${elsewhere}/a?secret=1`)
    await call(`${elsewhere}/b`)
    expect(warnings).toEqual([warning('REPLY_HIDDEN')])
    expect(warnings[0]).toMatchObject({ message: expect.stringContaining(`to ${elsewhere} with`) })
    await call('https://other.test/')
    expect(warnings).toHaveLength(2)
  })

  test('on the same origin, nothing is hidden', async () => {
    const { call, warnings } = await failing()
    await call('http://app.test/api/me')
    expect(warnings).toEqual([])
  })

  test('on a page that is offline, nothing is suspected', async () => {
    const { call, warnings } = await failing()
    vi.spyOn(navigator, 'onLine', 'get').mockReturnValue(false)
    await call(`${elsewhere}/a`)
    expect(warnings).toEqual([])
  })

  test('where the caller aborts, nothing is suspected', async () => {
    const { call, warnings } = await failing()
    const controller = new AbortController()
    backend.answer = async () => {
      controller.abort()
      return lost()
    }
    await call(`${elsewhere}/a`, { signal: controller.signal })
    expect(warnings).toEqual([])
  })

  test('without the token, nothing is suspected', async () => {
    const { call, warnings } = await failing()
    await call('https://third.test/a')
    expect(warnings).toEqual([warning('SENT_WITHOUT_TOKEN')])
  })
})

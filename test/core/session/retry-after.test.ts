import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Session } from '../../../src/index.js'
import { headerPair } from '../../../src/servers.js'
import { openSession } from '../../support/guarded-api.js'

const minute = 60_000
const startAt = Date.UTC(2030, 0, 1)
const fetching = vi.fn<typeof fetch>()

beforeEach(() => {
  vi.useFakeTimers({ now: startAt })
  fetching.mockReset()
  vi.stubGlobal('fetch', fetching)
})
afterEach(() => {
  vi.unstubAllGlobals()
  vi.restoreAllMocks()
  vi.useRealTimers()
})

const httpDate = (at: number): string => new Date(at).toUTCString()

/** A user whose auth server answers 503 with this header, or without. */
async function signedIn(retryAfter: string | undefined, status = 503): Promise<Session> {
  const headers = retryAfter === undefined ? undefined : { 'Retry-After': retryAfter }
  fetching.mockImplementation(async () => new Response('busy', { status, ...(headers && { headers }) }))
  const session = openSession({ refresh: headerPair({ url: '/auth/refresh' }) })
  await session.setTokens({ accessToken: 'access-1', refreshToken: 'refresh-1' })
  return session
}

/** From when on the server is asked again by an app that asks for a refresh every second. */
async function askedAgainAfterMs(session: Session, withinMs = 10 * minute): Promise<number> {
  const ask = (): void => void session.refresh().catch(() => {})
  ask()
  await vi.advanceTimersByTimeAsync(0)
  expect(fetching).toHaveBeenCalledTimes(1)
  for (let passedMs = 0; passedMs < withinMs; passedMs += 1000) {
    await vi.advanceTimersByTimeAsync(1000)
    if (fetching.mock.calls.length > 1) return passedMs + 1000
    ask()
  }
  throw new Error('never asked again')
}

describe('a Retry-After header keeps everybody off', () => {
  beforeEach(() => {
    vi.spyOn(Math, 'random').mockReturnValue(0)
  })

  test.each([
    ['for its seconds', '120', 120_000],
    ['until its date', httpDate(startAt + 120_000), 120_000],
    ['for five minutes at most, in seconds', '86400', 5 * minute],
    ['for five minutes at most, by date', httpDate(startAt + 24 * 60 * minute), 5 * minute],
    ['for five minutes, with more digits than a number has', '9'.repeat(400), 5 * minute],
  ])('%s', async (_, header, quietMs) => {
    const session = await signedIn(header)
    const askedAfterMs = await askedAgainAfterMs(session)
    expect(askedAfterMs).toBeGreaterThanOrEqual(quietMs)
    expect(askedAfterMs).toBeLessThanOrEqual(quietMs + 2000)
    expect(session.state).toMatchObject({ status: 'signed-in' })
  })

  test('with status 429 as with 503', async () => {
    const askedAfterMs = await askedAgainAfterMs(await signedIn('60', 429))
    expect(askedAfterMs).toBeGreaterThanOrEqual(60_000)
    expect(askedAfterMs).toBeLessThanOrEqual(62_000)
  })
})

test('and for ten seconds more at most where the user looks on', async () => {
  vi.spyOn(Math, 'random').mockReturnValue(0.9999)
  const askedAfterMs = await askedAgainAfterMs(await signedIn('120'))
  expect(askedAfterMs).toBeGreaterThan(128_000)
  expect(askedAfterMs).toBeLessThanOrEqual(132_000)
})

test('and for as long again at most in a hidden page, because all clients got the same header', async () => {
  vi.spyOn(Math, 'random').mockReturnValue(0.9999)
  vi.spyOn(document, 'visibilityState', 'get').mockReturnValue('hidden')
  const askedAfterMs = await askedAgainAfterMs(await signedIn('120'))
  expect(askedAfterMs).toBeGreaterThan(238_000)
  expect(askedAfterMs).toBeLessThanOrEqual(242_000)
})

describe('what is no Retry-After is passed over', () => {
  test.each([
    ['none', undefined],
    ['nothing', ''],
    ['words', 'soon'],
    ['a negative number', '-120'],
    ['a fraction', '1.5'],
    ['zero', '0'],
    ['a date that has passed', httpDate(startAt - 120_000)],
    ['a date that is none', 'Sun, 99 Foo 2030 99:99:99 GMT'],
    ['a date of another form', '2030-01-01T00:10:00Z'],
  ])('%s', async (_, header) => {
    expect(await askedAgainAfterMs(await signedIn(header))).toBeLessThanOrEqual(2000)
  })
})

test('after the quiet, and as long again, the next refresh brings a token', async () => {
  const session = await signedIn('120')
  await expect(session.refresh()).rejects.toMatchObject({
    code: 'REFRESH_FAILED',
    status: 503,
    retryable: true,
  })
  await vi.advanceTimersByTimeAsync(240_000)
  fetching.mockImplementation(async () => Response.json({ accessToken: 'access-2' }))
  expect(await session.refresh()).toBe('access-2')
})

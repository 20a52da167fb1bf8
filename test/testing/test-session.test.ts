import axios from 'axios'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { withSession as withAxios } from '../../src/axios.js'
import { withSession } from '../../src/fetch.js'
import { createManualClock, createTestSession, makeJwt } from '../../src/testing.js'
import { typesOf } from '../support/types-of.js'

describe('createTestSession', () => {
  test('is signed out by default, and signed in with claims, at once', async () => {
    expect((await createTestSession()).state).toEqual({ status: 'signed-out', reason: 'none' })
    const { state } = await createTestSession({ claims: { sub: 'ada' }, expiresIn: 60 })
    expect(state).toMatchObject({ status: 'signed-in', claims: { sub: 'ada' }, refreshing: false })
    expect((await createTestSession({ signedIn: true })).state.status).toBe('signed-in')
    expect((await createTestSession({ signedIn: false, claims: {} })).state.status).toBe('signed-out')
  })

  test('claims that say when they expire are believed', async () => {
    const clock = createManualClock()
    const { state } = await createTestSession({ claims: { exp: 4e9 }, clock })
    expect(state).toMatchObject({ claims: { exp: 4e9 } })
  })

  test('refreshes as often as it is asked, with a token of its own each time', async () => {
    const session = await createTestSession({ claims: { sub: 'ada' } })
    const tokens = [await session.getAccessToken(), await session.refresh(), await session.refresh()]
    expect(new Set(tokens).size).toBe(3)
    expect(session.state).toMatchObject({ claims: { sub: 'ada' } })
  })

  test('refreshes when the clock has passed the expiry, and not before', async () => {
    const clock = createManualClock()
    const session = await createTestSession({ signedIn: true, expiresIn: 60, clock })
    const events: { type: string }[] = []
    session.on((event) => events.push(event))
    await clock.advance(30_000)
    const token = await session.getAccessToken()
    expect(events).toEqual([])
    await clock.advance(31_000)
    expect(await session.getAccessToken()).not.toBe(token)
    expect(typesOf(events)).toEqual(['refresh-started', 'refresh-succeeded'])
  })

  test('a refresh of the test may fail, and time passes without waiting', async () => {
    const clock = createManualClock()
    const session = await createTestSession({
      signedIn: true,
      clock,
      refresh: () => Promise.reject(new TypeError('Failed to fetch')),
    })
    const failure = session.refresh().catch(({ code }) => code)
    await clock.advance(10_000)
    expect(await failure).toBe('REFRESH_FAILED')
    expect(session.state.status).toBe('signed-in')
  })

  test('guards axios and fetch as any session does', async () => {
    const session = await createTestSession({ signedIn: true, allowedOrigins: ['https://api.example.com'] })
    const seen: unknown[] = []
    const api = withSession(async (_, init) => {
      seen.push(new Headers(init?.headers).get('Authorization'))
      return new Response()
    }, session)
    await api('https://api.example.com/me')
    const instance = withAxios(axios.create({ baseURL: 'https://api.example.com' }), session)
    instance.defaults.adapter = async (config) => {
      seen.push(config.headers.get('Authorization'))
      return { status: 200, statusText: '', data: '', headers: {}, config }
    }
    await instance.get('/me')
    const token = await session.getAccessToken()
    expect(seen).toEqual([`Bearer ${token}`, `Bearer ${token}`])
  })

  test('two of them share nothing', async () => {
    const [one, other] = [
      await createTestSession({ signedIn: true }),
      await createTestSession({ signedIn: true }),
    ]
    await one.signOut()
    expect(other.state.status).toBe('signed-in')
  })

  test.each([
    { signedIn: 'yes' },
    { claims: 'ada' },
    { expiresIn: -1 },
    { refresh: {} },
    { clock: {} },
    { user: 1 },
  ])('%j is a TypeError', async (options) => {
    await expect(createTestSession(options as never)).rejects.toBeInstanceOf(TypeError)
  })
})

describe('makeJwt', () => {
  test('makes what the session reads, in any script', async () => {
    const claims = { name: '이름 ü 🔑', roles: ['reader'], nested: { a: 1 } }
    const session = await createTestSession()
    await session.setTokens({ accessToken: makeJwt(claims) })
    expect(session.state).toMatchObject({ claims })
  })

  test('without claims is a JWT as well', async () => {
    expect(makeJwt()).toMatch(/^[\w-]+\.[\w-]+\.$/)
  })
})

describe('createManualClock', () => {
  test('stands still, and fires timers in their order as it is moved', async () => {
    const clock = createManualClock(1000)
    const fired: [string, number][] = []
    const fire = (name: string) => () => void fired.push([name, clock.now()])
    clock.after(20, fire('late'))
    clock.after(10, () => {
      fire('early')()
      clock.after(5, fire('between'))
    })
    clock.after(10, fire('never'))()
    expect(clock.now()).toBe(1000)
    await clock.advance(19)
    await clock.advance(1)
    expect(fired).toEqual([
      ['early', 1010],
      ['between', 1015],
      ['late', 1020],
    ])
    expect(clock.now()).toBe(1020)
  })

  test('moves while the timers of the test stand still', async () => {
    vi.useFakeTimers()
    onTestFinished(() => void vi.useRealTimers())
    const clock = createManualClock()
    const session = await createTestSession({ signedIn: true, expiresIn: 60, clock })
    const token = await session.getAccessToken()
    await clock.advance(61_000)
    expect(await session.getAccessToken()).not.toBe(token)
  })

  test('waits for what a timer sets in motion before the next one fires', async () => {
    const clock = createManualClock()
    const steps: string[] = []
    clock.after(1, async () => {
      for (let turn = 0; turn < 10; turn++) await Promise.resolve()
      steps.push('first is done')
    })
    clock.after(2, () => steps.push('second'))
    await clock.advance(2)
    expect(steps).toEqual(['first is done', 'second'])
  })
})

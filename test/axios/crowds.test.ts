import type { AxiosAdapter } from 'axios'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { useBackend } from '../support/backend.js'
import { guard, openSession } from '../support/guarded-api.js'
import { holding } from '../support/holding.js'
import { nextEvent } from '../support/next-event.js'

const backend = useBackend()
beforeEach(() => vi.useFakeTimers({ toFake: ['Date'] }))
afterEach(() => vi.useRealTimers())

/** 700 calls that wait for one refresh, and an adapter that notes their tokens and answers at once. */
async function crowd() {
  const refresh = holding(backend.renew)
  backend.renew = refresh.respond
  const session = openSession({ refresh: { url: 'http://app.test/auth/refresh', timing: 'any' } })
  await session.setTokens({ accessToken: 'access-1', refreshToken: 'refresh-1', expiresIn: 60 })
  const sent: string[] = []
  const adapter: AxiosAdapter = async (config) => {
    sent.push(String(config.headers.Authorization))
    return { data: 'fine', status: 200, statusText: '', headers: {}, config }
  }
  const api = guard(session, { adapter })
  vi.setSystemTime(Date.now() + 60_000)
  const calls = Array.from({ length: 700 }, (_, n) =>
    api.get(`/${n}`).then(
      ({ data }) => data as string,
      (error) => error.code as string,
    ),
  )
  await refresh.arrived
  return { session, calls, sent, refresh }
}

describe('700 calls held by one refresh', () => {
  test('all go out with the new token', async () => {
    const { calls, sent, refresh } = await crowd()
    refresh.release()
    expect(new Set(await Promise.all(calls))).toEqual(new Set(['fine']))
    expect(sent).toHaveLength(700)
    expect(new Set(sent)).toEqual(new Set(['Bearer access-2']))
  })

  test.each([
    ['signs out', 'SESSION_CHANGED', 'signOut'],
    ['is disposed of', 'DISPOSED', 'dispose'],
  ] as const)('go out no more once the session %s between two groups of them', async (_, code, act) => {
    const { session, calls, sent, refresh } = await crowd()
    const renewed = nextEvent(session, 'refresh-succeeded')
    refresh.release()
    await renewed
    await calls[0]
    await session[act]()
    const outcomes = await Promise.all(calls)
    expect(sent.length).toBeLessThan(700)
    expect(outcomes.filter((outcome) => outcome === 'fine')).toHaveLength(sent.length)
    expect(outcomes.filter((outcome) => outcome === code)).toHaveLength(700 - sent.length)
  })
})

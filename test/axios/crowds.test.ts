import type { AxiosAdapter } from 'axios'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { headerPair } from '../../src/servers.js'
import { refreshUrl, useBackend } from '../support/backend.js'
import { guard, openSession } from '../support/guarded-api.js'
import { holding } from '../support/holding.js'

const backend = useBackend()
beforeEach(() => vi.useFakeTimers({ toFake: ['Date'] }))
afterEach(() => vi.useRealTimers())

/** 700 calls that wait for one refresh, and an adapter that notes their tokens and answers at once. */
async function crowd() {
  const refresh = holding(backend.renew)
  backend.renew = refresh.respond
  const session = openSession({ refresh: { ...headerPair({ url: refreshUrl }), timing: 'any' } })
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
  return { calls, sent, refresh }
}

describe('700 calls held by one refresh', () => {
  test('all go out with the new token', async () => {
    const { calls, sent, refresh } = await crowd()
    refresh.release()
    expect(new Set(await Promise.all(calls))).toEqual(new Set(['fine']))
    expect(sent).toHaveLength(700)
    expect(new Set(sent)).toEqual(new Set(['Bearer access-2']))
  })
})

import ky, { type KyInstance } from 'ky'
import { HttpResponse } from 'msw'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { authErrorOf } from '../../src/fetch.js'
import { kyOptions } from '../recipes/code/ky.js'
import { authorizationOf, useBackend } from '../support/backend.js'
import { apiUrl, signIn } from '../support/guarded-fetch.js'
import { departures, failureOf, holdRefresh } from './support/users.js'

const backend = useBackend()
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'] })
  backend.accepted.add('bob-access')
})
afterEach(() => vi.useRealTimers())

/** Alice, at a ky that is made as the recipe has it. */
async function open(expiresIn: number) {
  const { session, api } = await signIn({}, { expiresIn })
  const client: KyInstance = ky.create({ prefixUrl: apiUrl, fetch: api, ...kyOptions(session) })
  // At once: how long it waits is its own affair.
  return { session, client: client.extend({ retry: { delay: () => 0 } }) }
}

const failures: [string, () => Response][] = [
  ['503', () => new Response(null, { status: 503 })],
  ['no reply', () => HttpResponse.error()],
]

describe.each(['GET', 'POST'])('a %s of Alice', (method) => {
  test.each(departures)('that is held is not sent %s', async (_, depart) => {
    const { session, client } = await open(15)
    const refresh = holdRefresh(backend)
    const call = failureOf(client('orders', { method }))
    await refresh.arrived
    await depart(session)
    const error = await call
    refresh.release()
    expect(error.name).toBe('AbortError')
    expect(authErrorOf(error)).toMatchObject({ code: 'SESSION_CHANGED' })
    expect(backend.calls).toHaveLength(0)
  })

  test('whose session ends while it is held fails with SESSION_EXPIRED, and is not sent', async () => {
    const { client } = await open(15)
    vi.setSystemTime(Date.now() + 15_000)
    backend.renew = () => new Response(null, { status: 401 })
    const error = await failureOf(client('orders', { method }))
    expect(authErrorOf(error)).toMatchObject({ code: 'SESSION_EXPIRED' })
    expect(backend.calls).toHaveLength(0)
  })
})

describe.each(failures)('a GET of Alice that comes to %s', (_, fail) => {
  test('is sent again for Alice, with the token of then', async () => {
    const { session, client } = await open(900)
    const { answer } = backend
    backend.answer = async () => {
      await session.refresh()
      backend.answer = answer
      return fail()
    }
    await client.get('orders')
    expect(backend.calls.map(authorizationOf)).toEqual(['Bearer access-1', 'Bearer access-2'])
  })

  test.each(departures)('is not sent again %s', async (_, depart) => {
    const { session, client } = await open(900)
    backend.answer = async () => {
      await depart(session)
      return fail()
    }
    await failureOf(client.get('orders'))
    expect(backend.calls.map(authorizationOf)).toEqual(['Bearer access-1'])
  })
})

test('a GET of Bob is sent again, whoever came before him', async () => {
  const { session, client } = await open(900)
  const [[, switchAccount]] = departures as [(typeof departures)[0]]
  await switchAccount(session)
  const { answer } = backend
  backend.answer = () => {
    backend.answer = answer
    return new Response(null, { status: 503 })
  }
  await client.get('orders')
  expect(backend.calls.map(authorizationOf)).toEqual(['Bearer bob-access', 'Bearer bob-access'])
})

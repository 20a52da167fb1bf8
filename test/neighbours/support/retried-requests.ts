import type { AxiosInstance } from 'axios'
import { HttpResponse } from 'msw'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { authErrorOf } from '../../../src/axios.js'
import type { Session } from '../../../src/index.js'
import { authorizationOf, useBackend } from '../../support/backend.js'
import { signIn } from '../../support/guarded-api.js'
import { bob, departures, failureOf, holdRefresh } from './users.js'

/** What holds for any plugin that sends requests of axios again; `guarded` makes an instance with both on it. */
export function describeRetries(guarded: (session: Session) => AxiosInstance, methods: string[]): void {
  const backend = useBackend()
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['Date'] })
    backend.accepted.add('bob-access')
  })
  afterEach(() => vi.useRealTimers())

  /** Alice, at an instance with the plugin. */
  async function open(expiresIn: number) {
    const { session } = await signIn({}, { expiresIn })
    return { session, api: guarded(session) }
  }

  describe.each(methods)('a %s of Alice', (method) => {
    const send = (api: AxiosInstance): Promise<unknown> => api.request({ method, url: '/orders' })

    test.each(departures)('that is held is not sent %s', async (_, depart) => {
      const { session, api } = await open(15)
      const refresh = holdRefresh(backend)
      const call = failureOf(send(api))
      await refresh.arrived
      await depart(session)
      const error = await call
      refresh.release()
      expect(authErrorOf(error)).toMatchObject({ code: 'SESSION_CHANGED' })
      expect(backend.calls).toHaveLength(0)
    })

    test.each(departures)('that fails for want of a network is not sent again %s', async (_, depart) => {
      const { session, api } = await open(900)
      backend.answer = async () => {
        await depart(session)
        return HttpResponse.error()
      }
      const error = await failureOf(send(api))
      expect(authErrorOf(error)).toMatchObject({ code: 'SESSION_CHANGED' })
      expect(backend.calls.map(authorizationOf)).toEqual(['Bearer access-1'])
    })

    test('is sent again for Alice after a failure, with the token of then', async () => {
      const { session, api } = await open(900)
      const { answer } = backend
      backend.answer = async () => {
        await session.refresh()
        backend.answer = answer
        return HttpResponse.error()
      }
      await send(api)
      expect(backend.calls.map(authorizationOf)).toEqual(['Bearer access-1', 'Bearer access-2'])
    })

    test('whose session ends while it is held fails with SESSION_EXPIRED, and is not sent', async () => {
      const { api } = await open(15)
      vi.setSystemTime(Date.now() + 15_000)
      backend.renew = () => new Response(null, { status: 401 })
      const error = await failureOf(send(api))
      expect(error.code).toBe('SESSION_EXPIRED')
      expect(authErrorOf(error)).toMatchObject({ code: 'SESSION_EXPIRED' })
      expect(backend.calls).toHaveLength(0)
      expect(backend.refreshes).toHaveLength(1)
    })
  })

  test.each(departures)('a GET that the server answers with 503 is not sent again %s', async (_, depart) => {
    const { session, api } = await open(900)
    backend.answer = async () => {
      await depart(session)
      return new Response(null, { status: 503 })
    }
    const error = await failureOf(api.get('/orders'))
    expect(authErrorOf(error)).toMatchObject({ code: 'SESSION_CHANGED' })
    expect(backend.calls.map(authorizationOf)).toEqual(['Bearer access-1'])
  })

  test('a GET of Alice is sent again after a 503, as often as it takes', async () => {
    const { api } = await open(900)
    const { answer } = backend
    backend.answer = (call) => (backend.calls.length < 3 ? new Response(null, { status: 503 }) : answer(call))
    await api.get('/orders')
    expect(backend.calls.map(authorizationOf)).toEqual(Array(3).fill('Bearer access-1'))
  })

  test('a refused token costs one refresh, and no try of the plugin', async () => {
    const { api } = await open(900)
    backend.accepted.clear()
    await api.get('/orders')
    expect(backend.refreshes).toHaveLength(1)
    expect(backend.calls.map(authorizationOf)).toEqual(['Bearer access-1', 'Bearer access-2'])
  })

  test('what nobody was signed in for goes out again for who signs in meanwhile', async () => {
    const { session, api } = await open(900)
    await session.signOut()
    const { answer } = backend
    backend.answer = async () => {
      await session.setTokens(bob)
      backend.answer = answer
      return HttpResponse.error()
    }
    await api.get('/public')
    expect(backend.calls.map(authorizationOf)).toEqual([null, 'Bearer bob-access'])
  })
}

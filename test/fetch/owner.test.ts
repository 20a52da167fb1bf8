import ky from 'ky'
import { beforeEach, expect, test } from 'vitest'
import { authErrorOf } from '../../src/fetch.js'
import { authorizationOf, useBackend } from '../support/backend.js'
import { signIn } from '../support/guarded-fetch.js'
import { nextEvent } from '../support/next-event.js'

const backend = useBackend()
const bob = { accessToken: 'bob', refreshToken: 'refresh-bob' }

beforeEach(() => {
  backend.accepted.add('bob')
})

test('a call that the app sends again for the session of before is refused for another user', async () => {
  const { get } = await signIn()
  // What an offline queue keeps beside the call.
  const latchkey = { session: 'session-of-alice' }
  const error = await get('/transfer', { method: 'POST', latchkey }).catch((error) => error)
  expect(error).toMatchObject({ name: 'AbortError' })
  expect(authErrorOf(error)).toMatchObject({ code: 'SESSION_CHANGED', retryable: false })
  expect(backend.calls).toHaveLength(0)
})

test('a held call whose user is gone rejects as an abort, which ky does not try again where its recipe is followed', async () => {
  const { session, api } = await signIn()
  backend.accepted.delete('access-1')
  backend.renew = () => new Promise(() => {})
  const client = ky.create({
    prefixUrl: 'http://app.test/api',
    fetch: api,
    retry: { shouldRetry: ({ error }) => authErrorOf(error)?.retryable },
  })
  const first = nextEvent(session, 'request-held')
  void api('http://app.test/api/first').catch(() => {})
  await first
  // Waits for the refresh that the first one caused.
  const second = nextEvent(session, 'request-held')
  const call = client.get('transfer').catch((error) => error)
  await second
  await session.setTokens(bob)
  const error = await call
  expect(authErrorOf(error)?.code).toBe('SESSION_CHANGED')
  expect(backend.calls.map(authorizationOf)).not.toContain('Bearer bob')
})

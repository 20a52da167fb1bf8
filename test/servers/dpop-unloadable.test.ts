import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { oauth2 } from '../../src/servers.js'
import { refreshUrl as url, useBackend } from '../support/backend.js'
import { json, signInAt } from './support/claims.js'

const backend = useBackend()
const chunk = '../../src/servers/dpop/dpop-proofs.js'
beforeAll(() => {
  vi.doMock(chunk, () => {
    throw new Error('Failed to fetch dynamically imported module')
  })
})
afterAll(() => vi.doUnmock(chunk))

test('without the code for proofs nothing goes out, least of all as Bearer; the session is kept, and it is tried again', async () => {
  const signIn = () => json({ access_token: 'access-1', token_type: 'DPoP', refresh_token: 'refresh-1' })
  const { session, api, events } = await signInAt(
    { refresh: oauth2({ url, clientId: 'spa', dpop: true }), signIn },
    backend,
  )
  const before = backend.calls.length
  await expect(api.get('/me')).rejects.toMatchObject({
    code: 'ERR_NETWORK',
    cause: { code: 'REFRESH_FAILED', retryable: true },
  })
  expect(backend.calls).toHaveLength(before)
  expect(session.state).toMatchObject({ status: 'signed-in' })
  expect(events.filter(({ type }) => type === 'warning')).toEqual([])
  vi.doUnmock(chunk)
  vi.resetModules()
  backend.answer = () => json({})
  expect((await api.get('/me')).status).toBe(200)
  expect(backend.calls.at(-1)?.headers.get('authorization')).toBe('DPoP access-1')
})

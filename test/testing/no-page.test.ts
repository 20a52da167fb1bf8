// @vitest-environment node
import { expect, test } from 'vitest'
import { withSession } from '../../src/fetch.js'
import { createSession } from '../../src/index.js'
import { headerPair } from '../../src/servers.js'
import { createTestSession } from '../../src/testing.js'

test('there is no page here', () => {
  for (const name of ['document', 'window', 'localStorage', 'indexedDB'])
    expect(globalThis).not.toHaveProperty(name)
})

test('sessions and clients work where there is no page, as in React Native or a worker', async () => {
  const session = createSession({ refresh: headerPair({ url: 'https://api.example.com/auth/refresh' }) })
  await session.setTokens({ accessToken: 'access-1' })
  const sent: (string | null)[] = []
  const api = withSession(async (_, init) => {
    sent.push(new Headers(init?.headers).get('Authorization'))
    return new Response()
  }, session)
  await api('https://api.example.com/me')
  expect(sent).toEqual(['Bearer access-1'])
  session.dispose()
  expect((await createTestSession({ signedIn: true })).state.status).toBe('signed-in')
})

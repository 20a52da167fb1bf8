import { expect, test } from 'vitest'
import { resolveRefresh } from '../../src/http/refresh-source.js'

const tokens = {
  version: 1,
  session: 'one',
  generation: 1,
  accessToken: 'access-1',
  refreshToken: 'refresh-1',
  receivedAt: 1,
  expiresAt: null,
} as const

const nowhere = () => undefined

test('a relative URL where there is no page has no address, and its refresh says that it cannot be made', async () => {
  const { url, renew } = resolveRefresh('/auth/refresh', nowhere, () => {})
  expect(url).toBeUndefined()
  expect(await renew(tokens, new AbortController().signal)).toMatchObject({
    kind: 'misconfigured',
    error: { code: 'REFRESH_REFUSED' },
  })
})

test('an async `send` is told as a mistake of the set-up, and costs no session', async () => {
  const send = (async () => {
    throw new Error('mine')
  }) as unknown as () => { headers: Record<string, string> }
  const { renew } = resolveRefresh({ url: 'https://api.test/refresh', send }, nowhere, () => {})
  expect(await renew(tokens, new AbortController().signal)).toMatchObject({ kind: 'misconfigured' })
})

test.each(['json', 'form'] as const)('a GET with send %j is refused, for it has no body', (send) => {
  expect(() =>
    resolveRefresh({ url: 'https://api.test/refresh', method: 'GET', send }, nowhere, () => {}),
  ).toThrow(/method takes 'POST'/)
})

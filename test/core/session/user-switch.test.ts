// @vitest-environment node
import { describe, expect, test, vi } from 'vitest'
import type { StoredTokens } from '../../../src/core/tokens.js'
import { deferred } from '../../support/deferred.js'
import { misconfigured } from '../../support/fake-endpoint.js'
import { openSignedInTab, openTab } from '../../support/fake-tab.js'
import { codeOf, request } from '../../support/held-request.js'
import { settled } from '../../support/settled.js'
import { unsignedJwt } from '../../support/unsigned-jwt.js'

describe('a sign-out or another sign-in while a refresh runs', () => {
  test.each(['sign-out', 'sign-in'])(
    '%s: who waits is rejected with SESSION_CHANGED at once, and the late tokens are dropped',
    async (act) => {
      const tab = await openSignedInTab()
      const answer = deferred<never>()
      tab.endpoint.answers(answer.promise)
      await tab.clock.advance(900_000)
      const held = request(tab)
      await settled()
      if (act === 'sign-out') await tab.session.signOut()
      else await tab.session.setTokens({ accessToken: 'access-9', refreshToken: 'refresh-9' })
      await settled()
      expect(held.outcome).toBe('SESSION_CHANGED')
      answer.resolve({ kind: 'refreshed', tokens: { accessToken: 'access-2' } } as never)
      await settled()
      const kept = await tab.store.read()
      expect(kept?.accessToken).toBe(act === 'sign-out' ? undefined : 'access-9')
      expect(request(tab).outcome).toBe(act === 'sign-out' ? null : 'access-9')
    },
  )

  test.each(['sign-out', 'sign-in'])('%s: the failures of the session before are forgotten', async (act) => {
    const tab = await openSignedInTab({ random: () => 0.9 })
    tab.endpoint.answers(misconfigured)
    expect(await codeOf(tab.session.refresh())).toBe('REFRESH_REFUSED')
    if (act === 'sign-out') await tab.session.signOut()
    await tab.session.setTokens({ accessToken: 'access-9', refreshToken: 'refresh-9' })
    expect(tab.source.refreshAt()).toBe(Infinity)
    expect(await tab.session.refresh()).toBe('access-2')
    expect(tab.endpoint.calls).toHaveLength(2)
  })

  test("a request that was refused before is not sent again with the next user's token", async () => {
    const tab = await openSignedInTab()
    const refused = tab.source.record as StoredTokens
    await tab.session.setTokens({ accessToken: 'access-9', refreshToken: 'refresh-9' })
    expect(await codeOf(tab.source.tokensAfter(refused, undefined))).toBe('SESSION_CHANGED')
    await tab.session.signOut()
    expect(await codeOf(tab.source.tokensAfter(refused, undefined))).toBe('SESSION_CHANGED')
    expect(tab.endpoint.calls).toEqual([])
  })

  test('of two sign-ins that overlap, the later one counts, also where a sign-out lies between', async () => {
    const [first, second] = [deferred<object>(), deferred<object>()]
    const tab = openTab({ readSignIn: (given) => given })
    const early = codeOf(tab.session.setTokens(first.promise as never))
    await tab.session.signOut()
    const late = codeOf(tab.session.setTokens(second.promise as never))
    first.resolve({ accessToken: 'access-1' })
    expect(await early).toBe('SESSION_CHANGED')
    expect(tab.source.record).toBeNull()
    second.resolve({ accessToken: 'access-2' })
    expect(await late).toBeUndefined()
    expect(request(tab).outcome).toBe('access-2')
  })

  test('a late refusal is served with a new token where the one there is has expired by now', async () => {
    const tab = await openSignedInTab()
    const refused = tab.source.record as StoredTokens
    await tab.session.refresh()
    await tab.clock.advance(900_000)
    expect((await tab.source.tokensAfter(refused, undefined)).accessToken).toBe('access-3')
  })

  test('a late refusal is served with the token there is, without a second refresh', async () => {
    const tab = await openSignedInTab()
    const refused = tab.source.record as StoredTokens
    await tab.session.refresh()
    expect((await tab.source.tokensAfter(refused, undefined)).accessToken).toBe('access-2')
    expect(tab.endpoint.calls).toHaveLength(1)
  })
})

describe('the same user signs in again', () => {
  const alice = (n: number) => unsignedJwt({ sub: 'alice', n })
  const openAliceTab = async () => {
    const tab = openTab()
    await tab.session.setTokens({ accessToken: alice(1), refreshToken: 'refresh-1', expiresIn: 900 })
    return tab
  }

  test('while her calls are held: they go out as her', async () => {
    const tab = await openAliceTab()
    tab.endpoint.answers(deferred<never>().promise)
    await tab.clock.advance(900_000)
    const held = request(tab)
    await settled()
    await tab.session.setTokens({ accessToken: alice(2), refreshToken: 'refresh-9', expiresIn: 900 })
    await settled()
    expect(held.outcome).toBe(alice(2))
  })

  test('after a request of hers was refused: it is sent again as her', async () => {
    const tab = await openAliceTab()
    const refused = tab.source.record as StoredTokens
    await tab.session.setTokens({ accessToken: alice(2), refreshToken: 'refresh-9' })
    expect((await tab.source.tokensAfter(refused, undefined)).accessToken).toBe(alice(2))
    expect(tab.endpoint.calls).toEqual([])
  })

  test('after her session ended: what was made in it may go out', async () => {
    const tab = await openAliceTab()
    const { session } = tab.source.record as StoredTokens
    await tab.session.signOut()
    expect(tab.source.isOf(session)).toBe(false)
    await tab.session.setTokens({ accessToken: alice(2) })
    expect(tab.source.isOf(session)).toBe(true)
  })

  test.each([
    ['another user', unsignedJwt({ sub: 'bob' })],
    ['a token that names nobody', 'opaque'],
  ])('%s: nothing of hers goes out', async (_, accessToken) => {
    const tab = await openAliceTab()
    const { session } = tab.source.record as StoredTokens
    tab.endpoint.answers(deferred<never>().promise)
    await tab.clock.advance(900_000)
    const held = request(tab)
    await settled()
    await tab.session.setTokens({ accessToken })
    await settled()
    expect(held.outcome).toBe('SESSION_CHANGED')
    expect(tab.source.isOf(session)).toBe(false)
    expect(await codeOf(tab.source.getTokens(undefined, session))).toBe('SESSION_CHANGED')
  })

  test('tokens that name nobody are of two users, as far as anybody knows', async () => {
    const tab = await openSignedInTab()
    const { session } = tab.source.record as StoredTokens
    await tab.session.setTokens({ accessToken: 'access-9' })
    expect(tab.source.isOf(session)).toBe(false)
    expect(tab.source.gone().code).toBe('SESSION_CHANGED')
  })
})

test('where aborting gives no reason (React Native), a waiting caller gets the reason all the same', async () => {
  const tab = await openSignedInTab()
  vi.stubGlobal(
    'AbortController',
    class extends AbortController {
      override abort(): void {
        const { signal } = this
        if (!Object.hasOwn(signal, 'reason')) Object.defineProperty(signal, 'reason', { value: undefined })
        super.abort()
      }
    },
  )
  try {
    tab.endpoint.answers(deferred<never>().promise)
    const refresh = codeOf(tab.session.refresh())
    await settled()
    await tab.session.signOut()
    expect(await refresh).toBe('SESSION_CHANGED')
  } finally {
    vi.unstubAllGlobals()
  }
})

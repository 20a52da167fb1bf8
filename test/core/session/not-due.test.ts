// @vitest-environment node
import { describe, expect, test } from 'vitest'
import type { StoredTokens } from '../../../src/core/tokens.js'
import { openSignedInTab } from '../../support/fake-tab.js'
import { request } from '../../support/held-request.js'
import { settled } from '../../support/settled.js'
import { typesOf } from '../../support/types-of.js'

const minute = 60_000

describe('a server that says "not expired yet"', () => {
  test('costs nothing: the tokens are kept, and the request goes on with what it has', async () => {
    const tab = await openSignedInTab()
    tab.endpoint.answers({ kind: 'not-due' })
    await tab.clock.advance(900_000)
    const held = request(tab)
    await settled()
    expect(held.outcome).toBe('access-1')
    expect(tab.session.state).toMatchObject({ status: 'signed-in', expiresAt: null, refreshing: false })
    expect(typesOf(tab.events)).not.toContain('refresh-failed')
    expect(tab.events).toContainEqual(expect.objectContaining({ type: 'warning', code: 'REFRESH_NOT_DUE' }))
  })

  test('is not asked again until the API refuses the token', async () => {
    const tab = await openSignedInTab()
    tab.endpoint.answers({ kind: 'not-due' })
    await tab.clock.advance(900_000)
    request(tab)
    await tab.clock.advance(minute)
    expect(request(tab).outcome).toBe('access-1')
    await settled()
    expect(tab.endpoint.calls).toHaveLength(1)
    const { record: tokens } = tab.source
    expect((await tab.source.tokensAfter(tokens as StoredTokens, undefined)).accessToken).toBe('access-2')
  })
})

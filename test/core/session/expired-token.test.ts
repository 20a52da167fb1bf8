// @vitest-environment node
import { describe, expect, test } from 'vitest'
import { never } from '../../support/fake-endpoint.js'
import { openSignedInTab, openTab } from '../../support/fake-tab.js'
import { request } from '../../support/held-request.js'
import { settled } from '../../support/settled.js'

describe('after the expiry', () => {
  test('a request waits for the new token', async () => {
    const tab = await openSignedInTab()
    await tab.clock.advance(900_000)
    const held = request(tab)
    expect(held.outcome).toBeUndefined()
    await settled()
    expect(held.outcome).toBe('access-2')
  })

  test('a thousand held requests settle by one refresh', async () => {
    const tab = await openSignedInTab()
    await tab.clock.advance(900_000)
    const requests = Array.from({ length: 1000 }, () => request(tab))
    await settled()
    expect(requests.filter(({ outcome }) => outcome === 'access-2')).toHaveLength(1000)
    expect(tab.endpoint.calls).toHaveLength(1)
    expect(tab.clock.armed).toEqual([])
  })

  test('a thousand held requests settle within their limit when no answer comes', async () => {
    const tab = await openSignedInTab()
    tab.endpoint.always(never)
    await tab.clock.advance(900_000)
    const requests = Array.from({ length: 1000 }, () => request(tab))
    await tab.clock.advance(10_000)
    expect(requests.filter(({ outcome }) => outcome === 'REFRESH_TIMEOUT')).toHaveLength(1000)
  })

  test('without a refresh token requests go on with the token there is', async () => {
    const tab = openTab()
    await tab.session.setTokens({ accessToken: 'access-1', expiresIn: 900 })
    await tab.clock.advance(900_000)
    expect(request(tab).outcome).toBe('access-1')
    await expect(tab.session.refresh()).rejects.toMatchObject({
      code: 'REFRESH_REFUSED',
      message: expect.stringContaining('no refresh token'),
    })
    expect(tab.endpoint.calls).toEqual([])
  })
})

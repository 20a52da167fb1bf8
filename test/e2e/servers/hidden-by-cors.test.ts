import { describe, expect, test } from 'vitest'
import type { ChromiumTab } from '../support/chromium.js'
import { useServer } from './support/server-bench.js'
import { createSpringServer } from './support/spring-server.js'

const warningsOf = (tab: ChromiumTab) => tab.page.evaluate(() => window.warnings)

describe('a server across origins that keeps its tokens in headers', () => {
  const bench = useServer('spring-page.ts', createSpringServer)

  test('and exposes them: a sign-in and a refresh by headers alone, and nothing to warn of', async () => {
    const tab = await bench.openSignedIn()
    expect(await tab.call('refresh')).toBe('refreshed')
    expect(await tab.call('get', 2)).toEqual(['ada', 'ada'])
    expect(bench.server.counters).toMatchObject({ answered: 2, refused: 0, refreshes: 1 })
    expect(await warningsOf(tab)).toEqual([])
  })

  test('and hides them at the refresh: it looks like a refusal, and a warning says what it may be', async () => {
    const tab = await bench.openSignedIn()
    bench.server.backing.exposes = false
    expect(await tab.call('refresh')).toBe('SESSION_EXPIRED')
    expect(await warningsOf(tab)).toEqual(['TOKEN_HEADERS_HIDDEN'])
  })

  test('and hides them at the sign-in: setTokens finds none, and says so', async () => {
    const tab = await bench.open()
    bench.server.backing.exposes = false
    await expect(tab.call('signIn', 'ada')).rejects.toThrow(/The reply contains no tokens: status 200/)
    expect(await tab.call('status')).toBe('signed-out: none')
  })

  test('and answers an expired token without CORS headers: no page can see that, and a warning says what it may be', async () => {
    const tab = await bench.openSignedIn()
    bench.server.backing.allowsRefusals = false
    bench.server.backing.forgetAccessTokens()
    expect(await tab.call('get', 2)).toEqual(['ERR_NETWORK', 'ERR_NETWORK'])
    expect(bench.server.counters).toMatchObject({ refused: 2, refreshes: 0 })
    expect(await warningsOf(tab)).toEqual(['REPLY_HIDDEN'])
    bench.server.backing.allowsRefusals = true
    expect(await tab.call('get', 1)).toEqual(['ada'])
  })
})

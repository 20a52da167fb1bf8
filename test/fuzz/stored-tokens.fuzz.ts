import { readStoredTokens } from '../../src/core/tokens.js'
import { claim, claimNothingIsPolluted, sentinel } from './support/claims.js'
import { readHostile } from './support/hostile-value.js'

const names = ['version', 'session', 'generation', 'accessToken', 'refreshToken', 'receivedAt', 'expiresAt']
const good = `"version":1,"session":"s","generation":1,"accessToken":"${sentinel}","receivedAt":1,"expiresAt":2`

export const seeds: readonly string[] = [
  '""',
  '"undefined"',
  'null',
  '{',
  '[]',
  '1',
  '<html>',
  `{${good}}`,
  `{${good},"refreshToken":"${sentinel}"}`,
  `{${good},"refreshToken":null}`,
  `{${good},"version":2}`,
  `{${good},"version":0}`,
  `{${good},"version":"1"}`,
  `{${good},"accessToken":"a\\r\\nX: 1"}`,
  `{${good},"accessToken":5}`,
  `{${good},"generation":1e400}`,
  `{${good},"generation":-1}`,
  `{${good},"expiresAt":null}`,
  `{${good},"expiresAt":1e400,"receivedAt":-1}`,
  `{${good},"refreshUrl":"https://evil.test/","allowedOrigins":["https://evil.test"]}`,
  `{"__proto__":{${good}}}`,
  `{${good},"__proto__":{"refreshToken":"${sentinel}"},"toString":1}`,
]

export function fuzz(data: Buffer): void {
  const stored = readStoredTokens(readHostile(data).value(names))
  if (stored !== null && stored !== 'newer') {
    claim(
      Object.keys(stored).every((name) => names.includes(name)),
      'it keeps what it does not know',
    )
    claim(
      Object.values(stored).every((value) => value === null || typeof value !== 'object'),
      'it keeps objects',
    )
    claim(Number.isFinite(stored.receivedAt), 'it was received at no instant')
    claim(stored.expiresAt === null || Number.isFinite(stored.expiresAt), 'it expires at no instant')
    const again = readStoredTokens(JSON.parse(JSON.stringify(stored)))
    claim(JSON.stringify(again) === JSON.stringify(stored), 'what is stored is not what is read')
  }
  claimNothingIsPolluted()
}

import type { StoredTokens } from '../../src/core/tokens.js'

/** What a store keeps of a user who has signed in. */
export const storedRecord = (fields: Partial<StoredTokens> = {}): StoredTokens => ({
  version: 1,
  session: 'session-1',
  generation: 1,
  accessToken: 'access-1',
  refreshToken: 'refresh-1',
  receivedAt: Date.UTC(2030, 0, 1),
  expiresAt: Date.UTC(2030, 0, 1) + 900_000,
  ...fields,
})

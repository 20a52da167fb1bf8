/**
 * What a server may hand out as tokens. A library that holds them must not care: no test but those of the JWT rows and of the
 * expiry uses a JWT, all others use opaque tokens (`access-1`), so that the whole suite is the proof that nothing depends on
 * reading one. The tests that are run with each of these kinds show the converse.
 */
export interface TokenKind {
  name: string
  access(generation: number): string
  refresh(generation: number): string
}

const encode = (part: unknown): string => Buffer.from(JSON.stringify(part)).toString('base64url')

/** Without `exp`: when these expire, only the server knows, as with an opaque token. */
const jwt = (id: string, claims: object): string =>
  [encode({ alg: 'HS256', typ: 'JWT' }), encode({ jti: id, ...claims }), `signature-of-${id}`].join('.')

export const opaqueTokens: TokenKind = {
  name: 'opaque tokens',
  access: (generation) => `opaque-sentinel-access-${generation}`,
  refresh: (generation) => `opaque-sentinel-refresh-${generation}`,
}

export const jsonWebTokens: TokenKind = {
  name: 'JWTs',
  access: (generation) => jwt(`sentinel-access-${generation}`, { sub: 'ada' }),
  refresh: (generation) => jwt(`sentinel-refresh-${generation}`, { typ: 'refresh' }),
}

export const tokenKinds: readonly TokenKind[] = [opaqueTokens, jsonWebTokens]

/** Texts that give tokens of this kind away: the whole of an opaque one, payload or signature of a JWT. */
export const secretsOf = (kind: TokenKind, generations = 5): string[] =>
  Array.from({ length: generations }, (_, index) => [kind.access(index + 1), kind.refresh(index + 1)])
    .flat()
    .flatMap((token) => (token.includes('.') ? token.split('.').slice(1) : token))

import { describe, expect, test, vi } from 'vitest'
import { readClaims } from '../../src/core/jwt.js'
import { keepFresh, type TokenSet } from '../../src/index.js'
import { elapse } from '../support/elapse.js'
import { unsignedJwt } from '../support/unsigned-jwt.js'
import { json, openStage, type Stage } from './support/stage.js'

const startAt = Date.UTC(2030, 0, 1)
const now = startAt / 1000
const hourMs = 3_600_000
const dayMs = 24 * hourMs

const withPayload = (payload: string | Uint8Array): string =>
  `eyJhbGciOiJub25lIn0.${Buffer.from(payload).toString('base64url')}.`

/** A claim whose value is these bytes. */
const withBytes = (...bytes: number[]): string =>
  withPayload(Uint8Array.of(...Buffer.from('{"name":"'), ...bytes, ...Buffer.from('"}')))

/** A JWT with an `exp` that `JSON.stringify` would not write. */
const withExp = (exp: string): string => withPayload(`{"sub":"ada","exp":${exp}}`)

async function signedInWith(tokens: TokenSet): Promise<Stage> {
  const stage = openStage()
  vi.setSystemTime(startAt)
  await stage.session.setTokens({ refreshToken: stage.kind.refresh(1), ...tokens })
  return stage
}

const good = unsignedJwt({ sub: 'ada' })
const [header, payload] = good.split('.')

describe('a token that is no JWT is carried all the same, without claims and without an expiry', () => {
  test.each<[row: string, claim: string, tokens: string[]]>([
    ['J1', 'opaque', ['opaque', 'b2f1.c7f0']],
    ['J2', 'of 2, 4 or 5 parts', [`${header}.${payload}`, `${good}a.a`, 'a.b.c.d.e']],
    ['J2', 'with nothing in the middle', [`${header}..c`]],
    ['J3', 'with a payload that is no object', ['null', '[]', '5', '"x"', 'true'].map(withPayload)],
    ['J4', 'with padding', [`${good}a==`]],
    ['J4', 'in the other alphabet', [`${header}.${payload}.a+/b`, `${header}.e+/b.a`]],
    ['J4', 'of a length that base64 cannot have', [`${header}.aaaaa.`]],
    [
      'J5',
      'with a payload that is not UTF-8',
      [withBytes(0xe9), withBytes(0xc0, 0xaf), withBytes(0xed, 0xa0, 0x80)],
    ],
    ['J5', 'with a byte order mark', [withPayload('\ufeff{"sub":"ada"}')]],
    ['J5', 'in UTF-16', [withPayload(Buffer.from('{"sub":"ada"}', 'utf16le'))]],
    ['J13', 'with NaN, which is no JSON', [withExp('NaN')]],
  ])('%s: %s', async (_, __, tokens) => {
    for (const accessToken of tokens) {
      const { session, api, sent } = await signedInWith({ accessToken })
      expect(session.state).toMatchObject({ status: 'signed-in', claims: null, expiresAt: null })
      await elapse(api.get('/me', { latchkey: { refresh: false }, validateStatus: null }))
      expect(sent.map(({ authorization }) => authorization)).toEqual([`Bearer ${accessToken}`])
    }
  })
})

describe('claims', () => {
  test.each<[row: string, claim: string, token: string, claims: object]>([
    ['J6', 'in UTF-8 are read', unsignedJwt({ name: 'Zoë 東京 🙂' }), { name: 'Zoë 東京 🙂' }],
    ['J8', 'that are there twice count the last time', withPayload('{"exp":1,"exp":2}'), { exp: 2 }],
    [
      'J25',
      'are decoded whatever the algorithm',
      `${Buffer.from('{"alg":"NoNe","crit":["x"]}').toString('base64url')}.${payload}.`,
      { sub: 'ada' },
    ],
    ['J26', 'are decoded even under a broken header', `_-_.${payload}.a`, { sub: 'ada' }],
  ])('%s: %s', async (_, __, accessToken, claims) => {
    const { session } = await signedInWith({ accessToken })
    expect(session.state).toMatchObject({ claims })
  })

  test('J7: called __proto__ stay a key of their own', async () => {
    const { session } = await signedInWith({ accessToken: withPayload('{"__proto__":{"admin":true}}') })
    const claims = 'claims' in session.state ? session.state.claims : undefined
    expect(claims && Object.getPrototypeOf(claims)).toBe(Object.prototype)
    expect(claims?.admin).toBeUndefined()
    expect({ ...claims }.admin).toBeUndefined()
    expect(({} as Record<string, unknown>).admin).toBeUndefined()
  })

  test('J9: of a nested or a 5 MB payload are refused by the size of the token', async () => {
    const { session } = openStage()
    for (const huge of [`{"a":${'['.repeat(1e5)}${']'.repeat(1e5)}}`, JSON.stringify('x'.repeat(5e6))]) {
      const given = session.setTokens({ accessToken: withPayload(huge) })
      await expect(given).rejects.toThrow('accessToken is longer than 16384 characters')
    }
  })

  test('J9: nested as deep as a token can hold do no harm', async () => {
    const accessToken = withPayload(`{"a":${'['.repeat(6000)}${']'.repeat(6000)}}`)
    const { session } = await signedInWith({ accessToken })
    expect(session.state).toMatchObject({ status: 'signed-in', expiresAt: null })
  })
})

describe('the expiry', () => {
  // An exp that is there and is no use is warned of, in J14 and J15 as the rows ask, and in the others for the same reason.
  test.each<[row: string, claim: string, tokens: TokenSet, expiresAt: number | null]>([
    ['J10', 'is unknown without exp', { accessToken: good }, null],
    ...['null', 'true', '[]', '{}'].map((exp): [string, string, TokenSet, null] => [
      'J10',
      `is unknown with an exp of ${exp}`,
      { accessToken: withExp(exp) },
      null,
    ]),
    ['J11', 'is unknown with an exp in quotes', { accessToken: withExp(`"${now + 900}"`) }, null],
    ['J12', 'is unknown with an infinite exp', { accessToken: withExp('1e400') }, null],
    ...['-1', '0', '-0'].map((exp): [string, string, TokenSet, null] => [
      'J14',
      `is unknown with an exp of ${exp}`,
      { accessToken: withExp(exp) },
      null,
    ]),
    ['J15', 'is unknown with an exp in milliseconds', { accessToken: withExp(`${startAt + 900_000}`) }, null],
    ['J16', 'may be a fraction of a second', { accessToken: withExp(`${now + 900}.75`) }, startAt + 900_750],
    ...['9007199254740993', '8640000000001'].map((exp): [string, string, TokenSet, null] => [
      'J17',
      `is unknown with an exp of ${exp}`,
      { accessToken: withExp(exp) },
      null,
    ]),
    ['J19', 'is unknown with an exp that has passed', { accessToken: withExp(`${now - 10}`) }, null],
    [
      'J20',
      // No estimate of the clock's error is kept, so that there is none to bound.
      'counts the lifetime from receipt when iat and nbf lie in the future',
      { accessToken: unsignedJwt({ iat: now + 3600, nbf: now + 3600, exp: now + 4500 }) },
      startAt + 900_000,
    ],
    [
      'J21',
      'is unknown with an exp before iat',
      { accessToken: unsignedJwt({ iat: now + 60, exp: now + 30 }) },
      null,
    ],
    [
      'J22',
      'is that of expiresIn before that of exp',
      { accessToken: withExp(`${now + 3600}`), expiresIn: 60 },
      startAt + 60_000,
    ],
    [
      'J23',
      'is that of expiresIn when exp has passed',
      { accessToken: withExp(`${now - 10}`), expiresIn: 3600 },
      startAt + hourMs,
    ],
  ])('%s: %s', async (_, __, tokens, expiresAt) => {
    const { session, events } = await signedInWith(tokens)
    expect(session.state).toMatchObject({ status: 'signed-in', expiresAt })
    const hasExp = (readClaims(tokens.accessToken)?.exp ?? undefined) !== undefined
    const codes = events.flatMap((event) => (event.type === 'warning' ? [event.code] : []))
    expect(codes).toEqual(hasExp && expiresAt === null ? ['EXP_UNUSABLE'] : [])
  })

  test('J18: beyond the longest timer causes no refresh now', async () => {
    const stage = openStage()
    keepFresh(stage.session)
    vi.setSystemTime(startAt)
    await stage.signIn({ accessToken: unsignedJwt({ iat: now, exp: now + 60 * 86_400 }) })
    await vi.advanceTimersByTimeAsync(dayMs)
    expect(stage.refreshes).toHaveLength(0)
    expect(vi.getTimerCount()).toBe(1)
  })

  test('J19: that has passed right after a refresh leads to one replay and no loop', async () => {
    const stage = await signedInWith({ accessToken: 'refused-1' })
    const stale = (): string => withExp(`${now - 10}`)
    stage.renew = () => json({ accessToken: stale() })
    stage.answer = ({ authorization }) => ({ status: authorization === `Bearer ${stale()}` ? 200 : 401 })
    await elapse(stage.api.get('/me'))
    await elapse(stage.api.get('/me'))
    await vi.advanceTimersByTimeAsync(hourMs)
    expect(stage.refreshes).toHaveLength(1)
    expect(stage.sent).toHaveLength(3)
  })

  test.each([
    ['on', dayMs, 1],
    ['back', -dayMs, 0],
  ])('J24: causes at most one refresh when the clock jumps a day %s', async (_, jumpMs, refreshes) => {
    const stage = await signedInWith({ accessToken: 'opaque-sentinel-access-1', expiresIn: 900 })
    vi.setSystemTime(startAt + jumpMs)
    for (let turn = 0; turn < 5; turn++) expect((await elapse(stage.api.get('/me'))).status).toBe(200)
    expect(stage.refreshes).toHaveLength(refreshes)
    // A token that is refused is renewed, whatever the clock says.
    stage.current = 9
    await elapse(stage.api.get('/me'))
    expect(stage.refreshes).toHaveLength(refreshes + 1)
  })
})

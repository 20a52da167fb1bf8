import 'fake-indexeddb/auto'
import { IDBFactory } from 'fake-indexeddb'
import { calculateJwkThumbprint, EmbeddedJWK, jwtVerify } from 'jose'
import { HttpResponse } from 'msw'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { createDatabase } from '../../src/browser/database.js'
import type { SessionOptions } from '../../src/index.js'
import { createDpopProofs } from '../../src/servers/dpop/dpop-proofs.js'
import { loadProofKey } from '../../src/servers/dpop/proof-key.js'
import { oauth2 } from '../../src/servers.js'
import { type Call, refreshUrl as url, useBackend } from '../support/backend.js'
import { whilePolluted } from '../support/polluted.js'
import { json, signInAt } from './support/claims.js'

const backend = useBackend()
beforeEach(() => vi.stubGlobal('indexedDB', new IDBFactory()))
afterEach(() => vi.unstubAllGlobals())

const tokenReply = (generation: number) =>
  json({
    access_token: `access-${generation}`,
    token_type: 'DPoP',
    expires_in: 300,
    refresh_token: `refresh-${generation}`,
  })
const signIn = (options: Partial<SessionOptions> = {}) =>
  signInAt(
    { refresh: oauth2({ url, clientId: 'spa', dpop: true }), signIn: () => tokenReply(1) },
    backend,
    options,
  )

/** What a server sees that checks a proof by the key in it. */
async function verified(proof: string | null | undefined) {
  const { payload, protectedHeader } = await jwtVerify(String(proof), EmbeddedJWK, { typ: 'dpop+jwt' })
  return { payload, jwk: protectedHeader.jwk ?? {}, alg: protectedHeader.alg }
}
const proofOf = (call: Call | undefined) => verified(call?.headers.get('dpop'))
const sha256 = async (text: string) =>
  Buffer.from(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))).toString('base64url')

describe('a proof', () => {
  test('of a request names method, URL without query, instant and token, and is signed with the public key in it', async () => {
    const proof = createDpopProofs('spa')
    const request = { method: 'POST', url: 'HTTPS://API.example.com:443/a%20b?x=1#y' }
    const { Authorization, DPoP } = await proof.headersFor(request, 'access-1')
    expect(Authorization).toBe('DPoP access-1')
    const { payload, jwk, alg } = await verified(DPoP)
    expect(alg).toBe('ES256')
    expect(Object.keys(jwk).sort()).toEqual(['crv', 'kty', 'x', 'y'])
    expect(payload).toEqual({
      jti: expect.stringMatching(/^[\da-f-]{36}$/),
      htm: 'POST',
      htu: 'https://api.example.com/a%20b',
      iat: expect.any(Number),
      ath: await sha256('access-1'),
    })
    expect(Math.abs(Number(payload.iat) - Date.now() / 1000)).toBeLessThan(3)
  })

  test('for the token endpoint carries no token', async () => {
    const headers = await createDpopProofs('spa').headersFor({ method: 'POST', url: 'https://as.test/token' })
    expect(Object.keys(headers)).toEqual(['DPoP'])
    expect((await verified(headers.DPoP)).payload).not.toHaveProperty('ath')
  })

  test('is never used twice', async () => {
    const proof = createDpopProofs('spa')
    const request = { method: 'GET', url: 'https://api.test/' }
    const all = await Promise.all(Array.from({ length: 50 }, () => proof.headersFor(request, 'access-1')))
    const ids = await Promise.all(all.map(async ({ DPoP }) => (await verified(DPoP)).payload.jti))
    expect(new Set(ids).size).toBe(50)
  })
})

describe('the key', () => {
  test('does not leave the browser', async () => {
    const { privateKey } = await loadProofKey('spa')
    expect(privateKey.extractable).toBe(false)
    await expect(crypto.subtle.exportKey('jwk', privateKey)).rejects.toThrow()
  })

  test('is the same after a reload, and for two tabs that make one at once', async () => {
    const [a, b] = await Promise.all([loadProofKey('spa'), loadProofKey('spa')])
    const later = await loadProofKey('spa')
    const prints = await Promise.all([a, b, later].map(({ jwk }) => calculateJwkThumbprint(jwk as never)))
    expect(new Set(prints).size).toBe(1)
  })

  test('is another one for another client', async () => {
    const [a, b] = await Promise.all([loadProofKey('spa'), loadProofKey('other')])
    expect(a.jwk.x).not.toBe(b.jwk.x)
  })

  test('lasts as long as the page where it cannot be kept', async () => {
    vi.stubGlobal('indexedDB', undefined)
    const proof = createDpopProofs('spa')
    const request = { method: 'GET', url: 'https://api.test/' }
    const [one, two] = [await proof.headersFor(request), await proof.headersFor(request)]
    expect((await verified(one.DPoP)).jwk.x).toBe((await verified(two.DPoP)).jwk.x)
  })

  const { subtle } = crypto
  const made = (namedCurve = 'P-256', extractable = false) =>
    subtle.generateKey({ name: 'ECDSA', namedCurve }, extractable, ['sign', 'verify'])
  const jwkOf = async ({ publicKey }: CryptoKeyPair) => {
    const { x, y } = await subtle.exportKey('jwk', publicKey)
    return { x, y }
  }
  const recordOf = async (pair: CryptoKeyPair, more: object = {}) => ({
    privateKey: pair.privateKey,
    jwk: await jwkOf(pair),
    ...more,
  })

  async function plant(record: unknown): Promise<void> {
    const database = createDatabase('latchkey-dpop')
    await database.run('readwrite', (records) => {
      records.put(record, 'spa')
      return () => {}
    })
    database.close()
  }

  test.each<[string, () => unknown]>([
    ['no object', () => 'key'],
    ['no key', () => ({ privateKey: { algorithm: { name: 'ECDSA' } }, jwk: { x: 'x', y: 'y' } })],
    ['no private key', async () => ({ jwk: await jwkOf(await made()) })],
    ['no public key', async () => ({ privateKey: (await made()).privateKey })],
    ['a public key that is no point', async () => recordOf(await made(), { jwk: { x: 'AA', y: 'AA' } })],
    ['the public key of another', async () => recordOf(await made(), { jwk: await jwkOf(await made()) })],
    ['a key of another curve', async () => recordOf(await made('P-384'))],
    ['a key that scripts can export', async () => recordOf(await made('P-256', true))],
    [
      'a public key for the private one',
      async () => recordOf(await made(), { privateKey: (await made()).publicKey }),
    ],
    [
      'a key for something else',
      async () => {
        const pair = await subtle.generateKey({ name: 'ECDH', namedCurve: 'P-256' }, false, ['deriveBits'])
        return recordOf(pair)
      },
    ],
  ])('is made anew for good where the record is none of ours: %s', async (_, record) => {
    await plant(await record())
    const key = await loadProofKey('spa')
    expect(key.privateKey).toBeInstanceOf(CryptoKey)
    expect(key.privateKey).toMatchObject({ extractable: false, algorithm: { namedCurve: 'P-256' } })
    const { DPoP } = await createDpopProofs('spa').headersFor({ method: 'GET', url: 'https://api.test/' })
    expect((await verified(DPoP)).jwk.x).toBe(key.jwk.x)
    expect((await loadProofKey('spa')).jwk.x).toBe(key.jwk.x)
  })

  test('is one for two tabs that find such a record at once', async () => {
    await plant(await recordOf(await made(), { jwk: await jwkOf(await made()) }))
    const [a, b] = await Promise.all([loadProofKey('spa'), loadProofKey('spa')])
    expect((await loadProofKey('spa')).jwk).toEqual(a.jwk)
    expect(b.jwk).toEqual(a.jwk)
  })

  test('is our own where such a record is stored while it is made', async () => {
    const bad = await recordOf(await made(), { jwk: await jwkOf(await made()) })
    const { generateKey } = crypto.subtle
    const generating = vi.spyOn(crypto.subtle, 'generateKey')
    generating.mockImplementationOnce(async (...args: unknown[]) => {
      await plant(bad)
      return Reflect.apply(generateKey, subtle, args)
    })
    const key = await loadProofKey('spa')
    generating.mockRestore()
    expect(key.jwk.x).not.toBe(bad.jwk.x)
    expect((await loadProofKey('spa')).jwk.x).not.toBe(bad.jwk.x)
  })

  test('brings no more into a proof than its public part', async () => {
    await plant(await recordOf(await made(), { jwk: { ...(await jwkOf(await made())), d: 'SECRET' } }))
    const pair = await made()
    await plant(await recordOf(pair, { jwk: { ...(await jwkOf(pair)), d: 'SECRET', kid: 'evil' } }))
    const { DPoP } = await createDpopProofs('spa').headersFor({ method: 'GET', url: 'https://api.test/' })
    const { jwk } = await verified(DPoP)
    expect(jwk).toEqual({ kty: 'EC', crv: 'P-256', ...(await jwkOf(pair)) })
  })

  test('cannot be made outside a secure context, which is said', async () => {
    vi.stubGlobal('crypto', {})
    await expect(loadProofKey('spa')).rejects.toMatchObject({ code: 'REFRESH_REFUSED' })
  })
})

describe('without a proof, nothing goes out, and the token least of all', () => {
  test.each(['https://api.test/me', url])('to %s', async (target) => {
    const { session, api, events } = await signIn({ allowedOrigins: ['https://api.test'] })
    const before = backend.calls.length
    vi.stubGlobal('crypto', {})
    await expect(api.get(target)).rejects.toMatchObject({
      code: 'REFRESH_REFUSED',
      message: expect.stringContaining('secure context'),
    })
    await expect(session.refresh()).rejects.toMatchObject({ code: 'REFRESH_REFUSED' })
    expect(backend.calls).toHaveLength(before)
    expect(backend.refreshes).toHaveLength(0)
    expect(session.state).toMatchObject({ status: 'signed-in' })
    expect(events.filter(({ type }) => type === 'warning')).toEqual([])
  })
})

test('a request of the API and the refresh are proved with one key, the new token as well', async () => {
  const { session, api } = await signIn()
  backend.renew = () => tokenReply(2)
  backend.answer = ({ headers }) => json({}, headers.get('authorization') === 'DPoP access-2' ? 200 : 401)
  await api.get('/me?secret=1')
  expect(await session.getAccessToken()).toBe('access-2')
  const [, refused, replayed] = backend.calls
  const proofs = await Promise.all([refused, backend.refreshes[0], replayed].map(proofOf))
  expect(proofs.map(({ payload }) => [payload.htm, payload.htu])).toEqual([
    ['GET', 'http://app.test/api/me'],
    ['POST', url],
    ['GET', 'http://app.test/api/me'],
  ])
  expect(proofs[2]?.payload.ath).toBe(await sha256('access-2'))
  expect(proofs[1]?.payload).not.toHaveProperty('ath')
  expect(new Set(proofs.map(({ jwk }) => jwk.x)).size).toBe(1)
})

describe('a nonce', () => {
  const demand = (nonce: string | null, status = 401): Response =>
    HttpResponse.json(
      { error: 'use_dpop_nonce' },
      {
        status,
        headers: {
          ...(status === 401 && { 'WWW-Authenticate': 'Bearer realm="a", DPoP error="use_dpop_nonce"' }),
          ...(nonce !== null && { 'DPoP-Nonce': nonce }),
        },
      },
    )

  test('that the API wants is sent at once, and costs no refresh', async () => {
    const { api } = await signIn()
    backend.answer = async (call) =>
      (await proofOf(call)).payload.nonce === 'nonce-1' ? json({}) : demand('nonce-1')
    expect((await api.get('/me')).status).toBe(200)
    expect((await api.get('/me')).status).toBe(200)
    expect(backend.calls).toHaveLength(4)
    expect(backend.refreshes).toHaveLength(0)
  })

  test('that the token endpoint wants is sent at once', async () => {
    const { session } = await signIn()
    backend.renew = async (call) =>
      (await proofOf(call)).payload.nonce === 'nonce-1' ? tokenReply(2) : demand('nonce-1', 400)
    expect(await session.refresh()).toBe('access-2')
    expect(backend.refreshes).toHaveLength(2)
  })

  test('that is never right is tried once, and costs neither a refresh nor the session', async () => {
    const { session, api } = await signIn()
    backend.answer = () => demand(`nonce-${backend.calls.length}`)
    await expect(api.get('/me')).rejects.toMatchObject({ response: { status: 401 } })
    expect(backend.calls).toHaveLength(3)
    expect(backend.refreshes).toHaveLength(0)
    backend.renew = () => demand(`nonce-${backend.refreshes.length}`, 400)
    await expect(session.refresh()).rejects.toMatchObject({
      code: 'REFRESH_REFUSED',
      oauthError: 'use_dpop_nonce',
    })
    expect(backend.refreshes).toHaveLength(2)
    expect(session.state).toMatchObject({ status: 'signed-in' })
  })

  test.each([null, 'with space', 'quote"', 'n'.repeat(3000)])(
    'that is none (%j) is not sent',
    async (nonce) => {
      const { api } = await signIn()
      backend.answer = () => demand(nonce)
      await expect(api.get('/me')).rejects.toMatchObject({ response: { status: 401 } })
      expect(backend.calls).toHaveLength(2)
      expect((await proofOf(backend.calls[1])).payload).not.toHaveProperty('nonce')
    },
  )

  test('of a polluted prototype is none', async () => {
    const proofs = createDpopProofs('spa')
    const request = { method: 'GET', url: 'https://api.test/' }
    const { DPoP } = await whilePolluted({ nonce: 'evil', aheadMs: 1e9 }, () => proofs.headersFor(request))
    const { payload } = await verified(DPoP)
    expect(payload).not.toHaveProperty('nonce')
    expect(Math.abs(Number(payload.iat) - Date.now() / 1000)).toBeLessThan(3)
  })

  test('of one origin is not sent to another, and a new one on any reply takes its place', async () => {
    const proof = createDpopProofs('spa')
    const heed = (nonce: string) =>
      proof.learnFrom(
        { status: 200, header: (name) => (name === 'DPoP-Nonce' ? nonce : null) },
        'https://a.test/x',
      )
    const nonceFor = async (url: string) =>
      (await verified((await proof.headersFor({ method: 'GET', url })).DPoP)).payload.nonce
    expect(heed('nonce-1')).toBe(false)
    expect(await nonceFor('https://a.test/y')).toBe('nonce-1')
    expect(await nonceFor('https://b.test/y')).toBeUndefined()
    heed('nonce-2')
    expect(await nonceFor('https://a.test/y')).toBe('nonce-2')
  })
})

test.each([
  ['invalid_token', 1],
  ['insufficient_scope', 0],
  ['invalid_request', 0],
])('of a 401 whose DPoP challenge says %s come %d refreshes', async (error, refreshes) => {
  const { api } = await signIn()
  backend.renew = () => tokenReply(2)
  backend.answer = () => json({}, 401, { 'WWW-Authenticate': `DPoP error="${error}", algs="ES256"` })
  await expect(api.get('/me')).rejects.toMatchObject({ response: { status: 401 } })
  expect(backend.refreshes).toHaveLength(refreshes)
})

describe('a clock that is a day off', () => {
  const dayMs = 86_400_000
  const serverNow = (): number => Date.now() + dayMs
  const refuse = (header: object): Response =>
    HttpResponse.json(
      { error: 'invalid_dpop_proof' },
      { status: 401, headers: { 'WWW-Authenticate': 'DPoP error="invalid_dpop_proof"', ...header } },
    )
  const judge =
    (header: () => object) =>
    async (call: Call): Promise<Response> => {
      const { iat } = (await proofOf(call)).payload
      return Math.abs(Number(iat) * 1000 - serverNow()) < 10_000 ? json({}) : refuse(header())
    }

  test('is made up for at the price of one refusal, where the server shows its own', async () => {
    const { api } = await signIn()
    backend.answer = judge(() => ({ Date: new Date(serverNow()).toUTCString() }))
    expect((await api.get('/me')).status).toBe(200)
    expect((await api.get('/me')).status).toBe(200)
    expect(backend.calls).toHaveLength(4)
  })

  test('is the caller to know, where the server hides its own: one call, no refresh', async () => {
    const { api } = await signIn()
    backend.answer = judge(() => ({}))
    await expect(api.get('/me')).rejects.toMatchObject({ response: { status: 401 } })
    expect(backend.calls).toHaveLength(2)
    expect(backend.refreshes).toHaveLength(0)
  })
})

describe('the endpoint has a fetch for the sign-in of the app', () => {
  const signInAtServer = async (init: RequestInit, address = url): Promise<Response> => {
    const { fetch } = oauth2({ url, clientId: 'spa', dpop: true })
    return (await fetch?.(address, init)) as Response
  }
  const body = 'grant_type=authorization_code&code=1'

  test('which proves the call of the token endpoint with the key of the session', async () => {
    backend.renew = () => tokenReply(1)
    const response = await signInAtServer({ method: 'post', body, headers: { 'X-App': 'spa' } })
    expect(response.status).toBe(200)
    const [call] = backend.refreshes
    expect(call?.text).toBe(body)
    expect(call?.headers.get('x-app')).toBe('spa')
    const own = await proofOf(call)
    expect([own.payload.htm, own.payload.htu]).toEqual(['POST', url])
    const { session } = await signIn()
    backend.renew = () => tokenReply(2)
    await session.refresh()
    expect((await proofOf(backend.refreshes[1])).jwk.x).toBe(own.jwk.x)
  })

  test('which sends a nonce that the server asks for, with the same body', async () => {
    backend.renew = async (call) =>
      (await proofOf(call)).payload.nonce === 'nonce-1'
        ? tokenReply(1)
        : HttpResponse.json(
            { error: 'use_dpop_nonce' },
            { status: 400, headers: { 'DPoP-Nonce': 'nonce-1' } },
          )
    const response = await signInAtServer({ method: 'POST', body })
    expect(await response.json()).toMatchObject({ access_token: 'access-1' })
    expect(backend.refreshes.map(({ text }) => text)).toEqual([body, body])
  })

  test('which leaves an error of the server readable', async () => {
    backend.renew = () => json({ error: 'invalid_grant' }, 400)
    const response = await signInAtServer({ method: 'POST', body })
    expect(await response.json()).toEqual({ error: 'invalid_grant' })
    expect(backend.refreshes).toHaveLength(1)
  })

  test('which takes no nonce from a server that a redirect has led to, and repeats nothing there', async () => {
    const { fetch: send } = oauth2({ url, clientId: 'spa', dpop: true })
    const nonces: unknown[] = []
    const reply = (at: string): Response => {
      const headers = { 'DPoP-Nonce': `of-${new URL(at).host}` }
      const response = Response.json({ error: 'use_dpop_nonce' }, { status: 400, headers })
      return Object.defineProperty(response, 'url', { value: at })
    }
    const replies = ['https://evil.test/token', url, url].map(reply)
    vi.stubGlobal('fetch', async (_: string, { headers }: { headers: Headers }) => {
      nonces.push((await verified(headers.get('dpop'))).payload.nonce)
      return replies.shift()
    })
    const first = await send?.(url, { method: 'POST', body })
    expect(first?.url).toBe('https://evil.test/token')
    expect(nonces).toEqual([undefined])
    await send?.(url, { method: 'POST', body })
    expect(nonces).toEqual([undefined, undefined, 'of-app.test'])
  })

  test('which sends nothing that a polluted prototype lends the call', async () => {
    backend.renew = () => tokenReply(1)
    const { fetch: send } = oauth2({ url, clientId: 'spa', dpop: true })
    await send?.(url, { method: 'POST' }) // loads the code
    await whilePolluted({ headers: { 'X-Evil': 'evil' } }, () => send?.(url, { method: 'POST', body }))
    expect(backend.refreshes[1]?.headers.get('x-evil')).toBeNull()
  })

  test('which takes a path of the page, and no method for a GET', async () => {
    backend.answer = () => json({})
    await signInAtServer({}, '/userinfo')
    const [call] = backend.calls
    expect(call?.method).toBe('GET')
    const { payload } = await proofOf(call)
    expect([payload.htm, payload.htu]).toEqual(['GET', new URL('/userinfo', location.href).href])
  })
})

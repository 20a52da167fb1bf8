import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import {
  createSession,
  keepFresh,
  memoryStore,
  type RefreshEndpoint,
  type StoredTokens,
} from '../../src/index.js'
import { cookie, headerPair, jsonPair, oauth2 } from '../../src/servers.js'
import { elapse } from '../support/elapse.js'
import { findSecrets } from './support/leaks.js'
import { json, openStore, refreshUrl, type Stage, signedInStage } from './support/stage.js'

type Verdict = 'renewed' | 'kept' | 'refused' | 'ended'

interface Row {
  row: string
  claim: string
  replies: (() => Response)[]
  verdict: Verdict
  /** What the server speaks, where it is not the header pair. */
  refresh?: RefreshEndpoint
}

const url = refreshUrl
const byForm = oauth2({ url, clientId: 'spa' })
const byCookie = cookie({ url, silentStart: false })

const html = (status: number, type = 'text/html'): Response =>
  new Response('<!doctype html><title>Sign in</title>', { status, headers: { 'Content-Type': type } })
const text =
  (body: string, status = 200): (() => Response) =>
  () =>
    new Response(body, { status })
const tokens =
  (more: object = {}, status = 200): (() => Response) =>
  () =>
    json({ access_token: 'next', token_type: 'Bearer', ...more }, { status })
const error =
  (body: object, status = 400): (() => Response) =>
  () =>
    json(body, { status })

const rows: Row[] = [
  {
    row: 'R1',
    claim: 'an empty reply brings no token',
    replies: [text(''), () => new Response(null, { status: 204 })],
    verdict: 'kept',
  },
  {
    row: 'R2',
    claim: 'a page to sign in is no token, whatever its type',
    replies: [() => html(200), () => html(200, 'application/json')],
    verdict: 'kept',
  },
  {
    row: 'R3',
    claim: 'broken JSON brings no token',
    replies: [text('{"access_token":"next"'), text('{access_token:next}')],
    verdict: 'kept',
  },
  {
    row: 'R3',
    claim: 'a byte order mark before JSON is passed over',
    replies: [text('\ufeff{"access_token":"next"}')],
    verdict: 'renewed',
  },
  {
    row: 'R4',
    claim: 'JSON that is no object brings no token',
    replies: ['null', '[]', '"next"', '1', 'true'].map((body) => text(body)),
    verdict: 'kept',
  },
  {
    row: 'R5',
    claim: 'invalid_grant ends the session with status 200 too',
    replies: [error({ error: 'invalid_grant' }, 200)],
    verdict: 'ended',
  },
  // Without a type the token is taken for a Bearer token, for few servers outside OAuth name one.
  {
    row: 'R6',
    claim: 'a token without a type is taken',
    replies: [tokens({ token_type: undefined })],
    verdict: 'renewed',
  },
  {
    row: 'R7',
    claim: 'the case of the type does not count',
    replies: [tokens({ token_type: 'BEARER' }), tokens({ token_type: 'bearer' })],
    verdict: 'renewed',
  },
  {
    row: 'R8',
    claim: 'a token of a type that is not understood is not used',
    replies: ['mac', 'N_A', 5, ''].map((type) => tokens({ token_type: type })),
    verdict: 'kept',
  },
  {
    row: 'R9',
    claim: 'a DPoP token is not used as a Bearer token',
    replies: [tokens({ token_type: 'DPoP' })],
    verdict: 'kept',
  },
  {
    row: 'R10',
    claim: 'what cannot be an access token is none',
    replies: ['', 5, null, ['next'], 'next\r\nX-Evil: 1', 'x'.repeat(1e6)].map((access_token) =>
      tokens({ access_token }),
    ),
    verdict: 'kept',
  },
  {
    row: 'R18',
    claim: 'further members are passed over, and pollute nothing',
    replies: [
      text('{"access_token":"next","__proto__":{"polluted":1},"constructor":{},"toString":1,"scope":"a"}'),
    ],
    verdict: 'renewed',
  },
  {
    row: 'R18',
    claim: 'tokens under __proto__ are none',
    replies: [
      text('{"__proto__":{"access_token":"next"}}'),
      text('{"data":{"__proto__":{"accessToken":"x"}}}'),
    ],
    verdict: 'kept',
  },
  // Decided otherwise than in R19 and R20: both shapes are read as they are, for they are as common as the snake_case one.
  {
    row: 'R19',
    claim: 'camelCase is read',
    replies: [error({ accessToken: 'next' }, 200)],
    verdict: 'renewed',
  },
  {
    row: 'R20',
    claim: 'tokens under data are read',
    replies: [error({ data: { access_token: 'next' } }, 200)],
    verdict: 'renewed',
  },
  {
    row: 'R22',
    claim: '400 invalid_grant ends the session',
    replies: [error({ error: 'invalid_grant' })],
    verdict: 'ended',
    refresh: byForm,
  },
  {
    row: 'R23',
    claim: '401 invalid_grant ends the session',
    replies: [error({ error: 'invalid_grant' }, 401)],
    verdict: 'ended',
    refresh: byForm,
  },
  {
    row: 'R24',
    claim: 'an error of the set-up is told, and not tried again',
    replies: [
      'invalid_client',
      'unauthorized_client',
      'unsupported_grant_type',
      'invalid_scope',
      'invalid_request',
    ].map((name) => error({ error: name })),
    verdict: 'refused',
    refresh: byForm,
  },
  {
    row: 'R25',
    claim: 'a 400 that does not say invalid_grant does not end the session',
    replies: [
      () => html(400),
      error({ error: 5 }),
      error({ error: 'INVALID_GRANT' }),
      error({ message: 'invalid_grant' }),
    ],
    verdict: 'refused',
    refresh: byForm,
  },
  {
    row: 'R26',
    claim: 'a 401 without JSON does not end an OAuth session',
    replies: [() => html(401)],
    verdict: 'refused',
    refresh: byForm,
  },
  {
    row: 'R26',
    claim: 'a 403 without JSON does not end an OAuth session',
    replies: [() => html(403)],
    verdict: 'kept',
    refresh: byForm,
  },
  {
    row: 'R26',
    claim: 'a 401 without JSON ends a session by cookie',
    replies: [() => html(401)],
    verdict: 'ended',
    refresh: byCookie,
  },
  { row: 'R27', claim: 'the 403 page of a firewall passes', replies: [() => html(403)], verdict: 'kept' },
  {
    row: 'R28',
    claim: 'an endpoint that is not there is told, and not tried again',
    replies: [404, 405, 415].map((status) => error({}, status)),
    verdict: 'refused',
  },
  {
    row: 'R29',
    claim: 'trouble of the server or on the way to it passes',
    replies: [408, 425, 429, 500, 502, 503, 504, 511].map((status) => () => html(status)),
    verdict: 'kept',
  },
  // Decided otherwise than in R33: the old refresh token may be spent, so that new tokens are not thrown away for a status.
  {
    row: 'R33',
    claim: 'tokens are taken with any status of success',
    replies: [201, 202, 206].map((status) => tokens({}, status)),
    verdict: 'renewed',
  },
  {
    row: 'R33',
    claim: 'tokens in a reply of failure are none',
    replies: [tokens({}, 500)],
    verdict: 'kept',
  },
]

async function stageWith(refresh = headerPair({ url })): Promise<Stage & { store: { kept: unknown } }> {
  const store = openStore()
  const stage = await signedInStage({ options: { refresh, store } })
  return Object.assign(stage, { store })
}

const keptBy = ({ kept }: { kept: unknown }): StoredTokens => kept as StoredTokens

test.each(rows.map((row) => [row.row, row.claim, row] as const))(
  '%s: %s',
  async (_, __, { replies, verdict, refresh }) => {
    for (const reply of replies) {
      const stage = await stageWith(refresh)
      const { session, store, refreshes, kind, events } = stage
      stage.renew = reply
      const refreshed = elapse(session.refresh())
      const code = {
        renewed: '',
        kept: 'REFRESH_FAILED',
        refused: 'REFRESH_REFUSED',
        ended: 'SESSION_EXPIRED',
      }
      if (verdict === 'renewed') await expect(refreshed).resolves.toBe('next')
      else
        await expect(refreshed).rejects.toMatchObject({ code: code[verdict], retryable: verdict === 'kept' })
      if (verdict === 'kept' || verdict === 'refused') {
        expect(await session.getAccessToken()).toBe(kind.access(1))
        expect(store.kept).toMatchObject({ accessToken: kind.access(1), refreshToken: kind.refresh(1) })
      }
      if (verdict === 'refused' || verdict === 'ended') expect(refreshes).toHaveLength(1)
      if (verdict === 'ended') {
        expect(session.state).toEqual({ status: 'signed-out', reason: 'expired' })
        expect(store.kept).toBeNull()
        expect(events.filter(({ type }) => type === 'expired')).toHaveLength(1)
      }
      expect(({} as Record<string, unknown>).polluted).toBeUndefined()
    }
  },
)

describe('the lifetime in a reply', () => {
  const year = 365 * 86_400
  test.each<[row: string, claim: string, expiresIn: string, seconds: number | null]>([
    ['R11', 'may be digits', '"3600"', 3600],
    // R12 asks for a warning as well: there is none, for nothing is lost while the server's 401 decides.
    ...['"1h"', '"abc"', '""', '"-1"', '-1', '1e400', 'null', 'true', '[]', '{}'].map(
      (value): [string, string, string, null] => ['R12', `is unknown from ${value}`, value, null],
    ),
    ['R14', 'may be far too long', '3600000', 3_600_000],
    ['R14', 'may be longer than any timer', '1e12', 1e12],
    ['R14', 'is unknown where no date can hold its end', '1e300', null],
  ])('%s: %s', async (_, __, expiresIn, seconds) => {
    const stage = await stageWith()
    stage.renew = text(`{"access_token":"next","expires_in":${expiresIn}}`)
    const sentAt = Date.now()
    await elapse(stage.session.refresh())
    const warned = stage.events.some((event) => 'code' in event && event.code === 'LIFETIME_TOO_LONG')
    expect(warned).toBe(seconds === 1e12)
    const expiresAt = seconds === null ? null : sentAt + seconds * 1000
    expect(stage.session.state).toMatchObject({ status: 'signed-in', expiresAt })
    await vi.advanceTimersByTimeAsync(year)
    expect(stage.refreshes).toHaveLength(1)
  })

  // R13 says "usable once". It is used until the server refuses it: a lifetime of 0 counts as unknown, for servers send it
  // where they mean none, and a token of 1 s that is still good is not thrown away. Both renew once for all who wait, and
  // between two refreshes there is at least the life of the token.
  test.each([0, 1])(
    'R13: of %d s makes the token good for the requests that wait, without a loop',
    async (expires_in) => {
      const stage = await stageWith()
      stage.current = 2
      stage.renew = () => json({ access_token: stage.kind.access(2), expires_in })
      const replies = await elapse(Promise.all(Array.from({ length: 10 }, () => stage.api.get('/me'))))
      expect(replies.map(({ status }) => status)).toEqual(Array(10).fill(200))
      expect(stage.refreshes).toHaveLength(1)
    },
  )

  test('R13: of 1 s does not keep a page busy that keeps its session fresh', async () => {
    const stage = await stageWith({ ...headerPair({ url }), timing: 'any' })
    keepFresh(stage.session)
    stage.renew = () => json({ access_token: stage.kind.access(2), expires_in: 1 })
    await elapse(stage.session.refresh())
    await vi.advanceTimersByTimeAsync(10_000)
    expect(stage.refreshes.length).toBeGreaterThan(1)
    expect(stage.refreshes.length).toBeLessThanOrEqual(12)
  })
})

describe('the refresh token in a reply', () => {
  test.each<[row: string, claim: string, reply: object, refreshToken: string | undefined]>([
    ['R15', 'is kept when there is no new one', {}, undefined],
    // R16 asks for a warning as well: there is none, for null and "" are how many servers write that there is none.
    ...[null, '', 5, {}, [], 'two words', 'a\r\nb', 'undefined'].map(
      (refresh_token): [string, string, object, undefined] => [
        'R16',
        `is kept when the new one is ${JSON.stringify(refresh_token)}`,
        { refresh_token },
        undefined,
      ],
    ),
    ['R17', 'may be the same', { refresh_token: 'opaque-sentinel-refresh-1' }, 'opaque-sentinel-refresh-1'],
    ['R17', 'replaces the one before', { refresh_token: 'other' }, 'other'],
  ])('%s: %s', async (_, __, reply, refreshToken) => {
    const stage = await stageWith()
    stage.renew = tokens(reply)
    await elapse(stage.session.refresh())
    expect(keptBy(stage.store)).toMatchObject({
      accessToken: 'next',
      refreshToken: refreshToken ?? stage.kind.refresh(1),
    })
  })
})

describe('R21: an option parse', () => {
  const reading = async (parse: () => unknown): Promise<Stage> =>
    signedInStage({ options: { refresh: { ...headerPair({ url }), parse: parse as never } } })

  test.each<[claim: string, parse: () => unknown]>([
    [
      'that throws',
      () => {
        throw new Error('no')
      },
    ],
    ['that is async', async () => ({ accessToken: 'next' })],
    ['that rejects', () => Promise.reject(new Error('no'))],
    ['that gives a string', () => 'next'],
    ['that gives a long string', () => 'x'.repeat(2 ** 20)],
    ['that gives something else', () => ({ token: 'next' })],
    ['that gives nothing', () => undefined],
  ])('%s brings no token, and the session is kept', async (_, parse) => {
    const { session, kind } = await reading(parse)
    await expect(elapse(session.refresh())).rejects.toMatchObject({ code: 'REFRESH_FAILED' })
    expect(await session.getAccessToken()).toBe(kind.access(1))
  })

  test('that finds no lifetime and no refresh token where it looked loses nothing else', async () => {
    const { session } = await reading(() => ({
      accessToken: 'next',
      refreshToken: '',
      expiresIn: Number.NaN,
    }))
    await expect(elapse(session.refresh())).resolves.toBe('next')
  })
})

test.each([
  ['3600', 300],
  ['10', 10],
  ['99999999999', 300],
  ['9'.repeat(400), 300],
  [new Date(Date.UTC(2030, 0, 1, 0, 1)).toUTCString(), 60],
  [new Date(Date.UTC(2029, 0, 1)).toUTCString(), 1],
  ['-5', 1],
  ['abc', 1],
  ['60, 120', 1],
])(
  // And for as long again at most, so that clients who were told the same instant come back apart.
  'R30: Retry-After %j keeps the endpoint in peace for at most 300 s, and garbage does not',
  async (value, seconds) => {
    const stage = await stageWith()
    vi.setSystemTime(Date.UTC(2030, 0, 1))
    stage.renew = () => new Response(null, { status: 429, headers: { 'Retry-After': value } })
    await elapse(stage.session.refresh().catch(() => {}))
    const calls = stage.refreshes.length
    const quietUntil = Date.UTC(2030, 0, 1) + seconds * 1000
    while (Date.now() < quietUntil - 11_000) {
      await expect(elapse(stage.session.refresh())).rejects.toMatchObject({ code: 'REFRESH_FAILED' })
      await vi.advanceTimersByTimeAsync(5000)
    }
    expect(stage.refreshes).toHaveLength(calls)
    await vi.advanceTimersByTimeAsync(Math.max(0, quietUntil + seconds * 1000 + 70_000 - Date.now()))
    await elapse(stage.session.refresh().catch(() => {}))
    expect(stage.refreshes.length).toBeGreaterThan(calls)
  },
)

async function listen(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<string> {
  const server: Server = createServer(answer)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  server.unref()
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

describe.each([301, 302, 303, 307, 308])('R31: a redirect with status %d', (status) => {
  test.each(['the same origin', 'another origin'])('to %s is not followed', async (where) => {
    const hits: string[] = []
    const sink = await listen((request, response) => {
      hits.push(String(request.url))
      response.end('{"accessToken":"next"}')
    })
    const own = await listen((request, response) => {
      if (request.url === '/sink') hits.push('/sink')
      const target = where === 'the same origin' ? '/sink' : `${sink}/sink`
      response.writeHead(status, { Location: target }).end()
    })
    const session = createSession({ refresh: jsonPair({ url: `${own}/refresh` }), store: memoryStore() })
    onTestFinished(session.dispose)
    await session.setTokens({ accessToken: 'access', refreshToken: 'refresh' })
    await expect(session.refresh()).rejects.toMatchObject({ code: 'REFRESH_FAILED', retryable: true })
    expect(hits).toEqual([])
    expect(await session.getAccessToken()).toBe('access')
  })
})

test('R32: a refresh function that met an opaque redirect keeps the session', async () => {
  const refresh = (): Promise<never> => Promise.reject({ response: { status: 0, data: '' } })
  const { session, kind } = await signedInStage({ options: { refresh } })
  await expect(elapse(session.refresh())).rejects.toMatchObject({ code: 'REFRESH_FAILED' })
  expect(await session.getAccessToken()).toBe(kind.access(1))
})

describe('R34: a reply', () => {
  const endless = (chunk: Uint8Array): Response =>
    new Response(new ReadableStream({ pull: (controller) => controller.enqueue(chunk) }))

  test('that never ends is waited for no longer than the limit', async () => {
    const stage = await stageWith()
    stage.renew = () => new Response(new ReadableStream({ pull: () => new Promise(() => {}) }))
    const startedAt = Date.now()
    await expect(elapse(stage.session.refresh())).rejects.toMatchObject({ code: 'REFRESH_TIMEOUT' })
    expect(Date.now() - startedAt).toBeLessThan(10_100)
  })

  test('of more than 1 MiB is cut off, and the error says so', async () => {
    const stage = await stageWith()
    stage.renew = () => endless(new Uint8Array(65_536).fill(32))
    await expect(elapse(stage.session.refresh())).rejects.toThrow('longer than 1048576 bytes')
    expect(stage.session.state.status).toBe('signed-in')
  })
})

test('R35: tokens that come after the callers have gone are kept', async () => {
  const stage = await stageWith()
  stage.renew = () =>
    new Promise((resolve) => setTimeout(() => resolve(tokens({ refresh_token: 'later' })()), 15_000))
  await expect(elapse(stage.session.refresh())).rejects.toMatchObject({ code: 'REFRESH_TIMEOUT' })
  await vi.advanceTimersByTimeAsync(6000)
  expect(stage.store.kept).toMatchObject({ accessToken: 'next', refreshToken: 'later', generation: 2 })
  expect(stage.refreshes).toHaveLength(1)
})

test.each([
  [
    'R36',
    'a description',
    { error_description: `<script>alert("SENTINEL")</script>${'x'.repeat(1e4)}\u0007` },
  ],
  ['R37', 'an address', { error_uri: 'javascript:alert("SENTINEL")' }],
  ['R36', 'a name that is no name', { 'SENTINEL <script>': 1, [`SENTINEL${'x'.repeat(1e4)}`]: 1 }],
])('%s: %s in an error reply is shown to nobody', async (_, __, more) => {
  const stage = await stageWith(byForm)
  stage.renew = error({ error: 'invalid_request', ...more })
  const failure: Error = await elapse(stage.session.refresh().catch((thrown) => thrown))
  expect(failure).toMatchObject({ code: 'REFRESH_REFUSED', oauthError: 'invalid_request' })
  expect(findSecrets([failure, stage.events], ['SENTINEL'])).toEqual([])
  expect(failure.message.length).toBeLessThan(500)
})

test('R36: an error that is no name of one is not handed on', async () => {
  const stage = await stageWith(byForm)
  stage.renew = error({ error: `invalid\r\n${'x'.repeat(1e4)}` })
  const failure = await elapse(stage.session.refresh().catch((thrown) => thrown))
  expect(failure).toMatchObject({ code: 'REFRESH_REFUSED', oauthError: undefined })
})

test('R38: a network that is not there keeps the session', async () => {
  const stage = await stageWith()
  stage.renew = () => Promise.reject(new TypeError('Failed to fetch'))
  await expect(elapse(stage.session.refresh())).rejects.toMatchObject({ code: 'REFRESH_FAILED' })
  expect(stage.refreshes).toHaveLength(2)
  expect(await stage.session.getAccessToken()).toBe(stage.kind.access(1))
})

test('R39: no cache is asked, and the same access token again is sent once more, without a loop', async () => {
  const stage = await stageWith()
  stage.renew = () => json({ accessToken: stage.kind.access(1) })
  stage.answer = () => ({ status: 401 })
  await elapse(stage.api.get('/me', { validateStatus: null }))
  expect(stage.refreshes.map(({ init }) => init.cache)).toEqual(['no-store'])
  expect(stage.sent).toHaveLength(2)
})

test('R40: a cookie that the browser did not keep ends the session once', async () => {
  const stage = await stageWith(byCookie)
  stage.current = 2
  stage.renew = () => json({ accessToken: stage.kind.access(2) })
  await elapse(stage.api.get('/me'))
  stage.current = 3
  stage.renew = error({}, 401)
  for (let turn = 0; turn < 3; turn++) await elapse(stage.api.get('/me', { validateStatus: null }))
  expect(stage.refreshes).toHaveLength(2)
  expect(stage.refreshes.map(({ init }) => init.credentials)).toEqual(['include', 'include'])
  expect(stage.events.filter(({ type }) => type === 'expired')).toHaveLength(1)
})

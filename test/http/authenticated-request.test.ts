// @vitest-environment node
import { afterEach, describe, expect, test, vi } from 'vitest'
import { AuthError } from '../../src/core/errors.js'
import type { RefreshOutcome } from '../../src/core/refresh-outcome.js'
import { createAuthenticatedRequests, type RequestRules } from '../../src/http/authenticated-request.js'
import type { AuthHeaders, HttpClient, JoinedSignal } from '../../src/http/http-client.js'
import type { ReplyOrigin } from '../../src/http/origin-policy.js'
import { deferred } from '../support/deferred.js'
import { ended, misconfigured, never, refreshed } from '../support/fake-endpoint.js'
import { type FakeTab, type FakeTabParts, openSignedInTab, openTab } from '../support/fake-tab.js'
import { promisesMadeBy } from '../support/promises-made.js'
import { settled } from '../support/settled.js'

interface FakeReply {
  status: number
  body?: unknown
  from?: ReplyOrigin
}

interface FakeRequest {
  method: string
  url: string
  signal?: AbortSignal
  joined?: JoinedSignal
  mayRefresh: boolean
  isReplayable: boolean
  /** What it brings along. */
  text: string
  send(headers: AuthHeaders | null): Promise<FakeReply>
}

/** One request, and a client that does nothing but what the test says; without replies, what it gets is 200. */
function requestOf(replies: (FakeReply | Error)[] = [], more: Partial<FakeRequest> = {}) {
  const sent: unknown[] = []
  const discarded: FakeReply[] = []
  const explained: unknown[] = []
  const request: FakeRequest = {
    method: 'GET',
    url: 'https://api.test/things',
    mayRefresh: true,
    isReplayable: true,
    text: '',
    async send() {
      const reply = replies.shift() ?? { status: 200 }
      if (reply instanceof Error) throw reply
      return reply
    },
    ...more,
  }
  const client: HttpClient<FakeRequest, FakeReply> = {
    method: ({ method }) => method,
    url: ({ url }) => url,
    signal: ({ signal }) => signal,
    joinSignals: ({ joined }) => joined,
    mayRefresh: ({ mayRefresh }) => mayRefresh,
    isReplayable: ({ isReplayable }) => isReplayable,
    carries: ({ text }, token) => text.includes(token),
    send(request, headers) {
      sent.push(headers?.Authorization ?? headers)
      return request.send(headers)
    },
    status: ({ status }) => status,
    reply: ({ status, body }) => ({ status, header: () => null, body }),
    cameFrom: ({ from = 'ours' }) => from,
    discard: (reply) => discarded.push(reply),
    explain: (_, reason) => explained.push(reason.code),
  }
  return { client, request, sent, discarded, explained }
}

type FakeClient = HttpClient<FakeRequest, FakeReply>
type Given = Pick<ReturnType<typeof requestOf>, 'client' | 'request'>

const refused: FakeReply = { status: 401 }

function senderOf({ source }: Pick<FakeTab, 'source'>, rules: RequestRules = {}) {
  const sendAuthenticated = createAuthenticatedRequests(source, rules)
  return ({ client, request }: Given): Promise<FakeReply> => sendAuthenticated(client, request)
}

async function setUp(rules: RequestRules = {}, parts: FakeTabParts = {}) {
  const tab = await openSignedInTab(parts)
  tab.events.length = 0
  return { ...tab, send: senderOf(tab, rules) }
}

/** The events of requests and the warnings, without their instant. */
const eventsOf = ({ events }: Pick<FakeTab, 'events'>): unknown[] =>
  events.flatMap(({ at: _, ...event }) => ('id' in event || event.type === 'warning' ? [event] : []))
const warningsOf = ({ events }: Pick<FakeTab, 'events'>): unknown[] =>
  events.flatMap((event) => (event.type === 'warning' ? [event.code] : []))

const about = { id: 1, method: 'GET', url: 'https://api.test/things' }

afterEach(() => vi.unstubAllGlobals())

test('an access token goes into the header of RFC 6750', async () => {
  const tab = await setUp()
  const headers: unknown[] = []
  const given = requestOf([], {
    async send(each) {
      headers.push(each)
      return { status: 200 }
    },
  })
  await tab.send(given)
  expect(headers).toEqual([{ Authorization: 'Bearer access-1' }])
  expect(eventsOf(tab)).toEqual([])
})

describe('the events of a request', () => {
  test('that is held for an expired token: its wait, and its release', async () => {
    const tab = await setUp()
    await tab.clock.advance(900_000)
    const given = requestOf()
    await tab.send(given)
    expect(given.sent).toEqual(['Bearer access-2'])
    expect(eventsOf(tab)).toEqual([
      { type: 'request-held', reason: 'expired', ...about },
      { type: 'request-released', ...about },
    ])
  })

  test('that is held while the store is read: its wait, and its release', async () => {
    const tab = openTab()
    const given = requestOf()
    await senderOf(tab)(given)
    expect(given.sent).toEqual([null])
    expect(eventsOf(tab)).toEqual([
      { type: 'request-held', reason: 'loading', ...about },
      { type: 'request-released', ...about },
    ])
  })

  test('that is held for the refresh of a token that was just refused: its wait, and its release', async () => {
    const tab = await setUp()
    const next = deferred<RefreshOutcome>()
    tab.endpoint.answers(next.promise)
    const first = tab.send(requestOf([refused], { url: 'https://api.test/first' }))
    await settled()
    tab.events.length = 0
    const given = requestOf()
    const second = tab.send(given)
    await settled()
    expect(given.sent).toEqual([])
    next.resolve(refreshed('access-2'))
    await Promise.all([first, second])
    expect(given.sent).toEqual(['Bearer access-2'])
    expect(eventsOf(tab)).toMatchObject([
      { type: 'request-held', reason: 'refused', url: about.url },
      { type: 'request-replayed', url: 'https://api.test/first' },
      { type: 'request-released', url: about.url },
    ])
  })

  test('that fails where it was held: the code of the failure', async () => {
    const tab = await setUp()
    await tab.clock.advance(900_000)
    tab.endpoint.answers(ended)
    const given = requestOf()
    await expect(tab.send(given)).rejects.toMatchObject({ code: 'SESSION_EXPIRED' })
    expect(given.sent).toEqual([])
    expect(eventsOf(tab)).toContainEqual({ type: 'request-released', code: 'SESSION_EXPIRED', ...about })
  })

  test('that its caller aborts while it is held: that it was aborted', async () => {
    const tab = await setUp()
    await tab.clock.advance(900_000)
    const given = requestOf([], { signal: AbortSignal.abort('enough') })
    await expect(tab.send(given)).rejects.toBe('enough')
    expect(eventsOf(tab)).toContainEqual({ type: 'request-released', code: 'ABORTED', ...about })
  })

  test('that was refused: its wait, and its replay with another token', async () => {
    const tab = await setUp()
    const given = requestOf([refused])
    expect(await tab.send(given)).toEqual({ status: 200 })
    expect(given.sent).toEqual(['Bearer access-1', 'Bearer access-2'])
    expect(given.discarded).toEqual([refused])
    expect(eventsOf(tab)).toEqual([
      { type: 'request-held', reason: 'refused', ...about },
      { type: 'request-replayed', ...about },
    ])
  })

  test('that was refused, and for which there is no token: the reason, and its own 401', async () => {
    const tab = await setUp()
    tab.endpoint.answers(misconfigured)
    const given = requestOf([refused])
    expect(await tab.send(given)).toBe(refused)
    expect(given.sent).toHaveLength(1)
    expect(given.explained).toEqual(['REFRESH_REFUSED'])
    expect(eventsOf(tab)).toContainEqual({ type: 'request-released', code: 'REFRESH_REFUSED', ...about })
  })

  test('that was refused and cannot be sent twice: its release; the next one has the new token', async () => {
    const tab = await setUp()
    const given = requestOf([refused], { isReplayable: false })
    expect(await tab.send(given)).toBe(refused)
    expect(given.sent).toHaveLength(1)
    expect(given.discarded).toEqual([])
    expect(eventsOf(tab)).toContainEqual({ type: 'request-released', ...about })
    const next = requestOf()
    await tab.send(next)
    expect(next.sent).toEqual(['Bearer access-2'])
  })

  test('have an id of their own', async () => {
    const tab = await setUp()
    await tab.send(requestOf([refused]))
    await tab.send(requestOf([refused]))
    const ids = eventsOf(tab).map((event) => (event as { id: number }).id)
    expect(ids).toEqual([1, 1, 2, 2])
  })
})

describe('a client with two ways to abort', () => {
  test('has them joined for the wait alone', async () => {
    const tab = await setUp()
    await tab.clock.advance(900_000)
    const controller = new AbortController()
    const release = vi.fn()
    const given = requestOf([], { joined: { signal: controller.signal, release } })
    const sending = tab.send(given)
    expect(release).not.toHaveBeenCalled()
    await sending
    expect(release).toHaveBeenCalledTimes(1)
    expect(given.sent).toEqual(['Bearer access-2'])
  })

  test('is let go by either, and both are released', async () => {
    const tab = await setUp()
    tab.endpoint.always(never)
    await tab.clock.advance(900_000)
    const controller = new AbortController()
    const release = vi.fn()
    const sending = tab.send(requestOf([], { joined: { signal: controller.signal, release } }))
    controller.abort('enough')
    await expect(sending).rejects.toBe('enough')
    expect(release).toHaveBeenCalledTimes(1)
  })

  test('has nothing joined for a request that does not wait', async () => {
    const tab = await setUp()
    const given = requestOf()
    given.client.joinSignals = () => expect.unreachable()
    expect(await tab.send(given)).toEqual({ status: 200 })
  })
})

describe('a refusal', () => {
  test('of a token that was replaced meanwhile costs no refresh, and one of the new token another try', async () => {
    const tab = await setUp()
    const replies = [deferred<FakeReply>(), deferred<FakeReply>(), deferred<FakeReply>()]
    const given = requestOf([], {
      send: () => (replies[given.sent.length - 1] ?? deferred<FakeReply>()).promise,
    })
    const { sent } = given
    const request = tab.send(given)
    await tab.session.refresh()
    replies[0]?.resolve(refused)
    await settled()
    expect(sent).toEqual(['Bearer access-1', 'Bearer access-2'])
    expect(tab.endpoint.calls).toHaveLength(1)
    replies[1]?.resolve(refused)
    await settled()
    expect(sent).toEqual(['Bearer access-1', 'Bearer access-2', 'Bearer access-3'])
    replies[2]?.resolve(refused)
    expect(await request).toBe(refused)
    expect(tab.endpoint.calls).toHaveLength(2)
  })

  test('after each of which somebody else refreshes ends with the third sending', async () => {
    const tab = await setUp()
    const given = requestOf([], {
      async send() {
        await tab.session.refresh()
        return refused
      },
    })
    expect(await tab.send(given)).toBe(refused)
    expect(given.sent).toHaveLength(3)
  })

  test.each<[string, FakeReply, Partial<FakeRequest>]>([
    ['of a request that wants no refresh', refused, { mayRefresh: false }],
    ['from where the token may not go, because a redirect lost it', { ...refused, from: 'foreign' }, {}],
  ])('%s is handed over as it is', async (_, reply, more) => {
    const tab = await setUp()
    const given = requestOf([reply], more)
    expect(await tab.send(given)).toBe(reply)
    expect(given.sent).toEqual(['Bearer access-1'])
    expect(tab.endpoint.calls).toEqual([])
    expect(eventsOf(tab)).toEqual([])
  })

  test('whose caller aborts meanwhile rejects with the reason of the caller', async () => {
    const tab = await setUp()
    tab.endpoint.always(never)
    const controller = new AbortController()
    const given = requestOf([refused], { signal: controller.signal })
    const request = tab.send(given)
    await settled()
    controller.abort('enough')
    await expect(request).rejects.toBe('enough')
    expect(given.explained).toEqual([])
  })

  test('of a new token is believed: the route causes no refresh until it accepts a token', async () => {
    const tab = await setUp()
    await tab.send(requestOf([refused, refused]))
    expect(tab.endpoint.calls).toHaveLength(1)
    const again = requestOf([refused])
    expect(await tab.send(again)).toBe(refused)
    expect(again.sent).toHaveLength(1)
    await tab.send(requestOf([{ status: 200 }]))
    await tab.send(requestOf([refused]))
    expect(tab.endpoint.calls).toHaveLength(2)
  })

  test('of a new token leaves the route out of the wait for the refresh of another route', async () => {
    const tab = await setUp()
    await tab.send(requestOf([refused, refused]))
    tab.endpoint.always(never)
    const other = tab.send(requestOf([refused], { url: 'https://api.test/other' }))
    await settled()
    const again = requestOf([refused])
    expect(await tab.send(again)).toBe(refused)
    expect(again.sent).toEqual(['Bearer access-2'])
    tab.session.dispose()
    expect(await other).toBe(refused)
  })

  test('after which nobody is signed in any more is handed over with the reason', async () => {
    const tab = await setUp()
    tab.endpoint.answers(ended)
    const given = requestOf([refused])
    expect(await tab.send(given)).toBe(refused)
    expect(given.explained).toEqual(['SESSION_EXPIRED'])
    expect(given.sent).toHaveLength(1)
  })
})

describe('isExpired', () => {
  const answering = (verdict: unknown) => setUp({ isExpired: () => verdict as boolean })

  test('decides that a reply is a refusal, whatever its status', async () => {
    const tab = await setUp({ isExpired: ({ status }) => status === 419 })
    const given = requestOf([{ status: 419 }, { status: 401 }])
    expect(await tab.send(given)).toEqual({ status: 401 })
    expect(given.sent).toHaveLength(2)
    const next = requestOf([{ status: 419 }])
    await tab.send(next)
    expect(next.sent, 'the route accepted the second token').toHaveLength(2)
  })

  test('may look at a body that the client reads first', async () => {
    const tab = await setUp({ isExpired: ({ body }) => (body as { code?: number }).code === 7 })
    const given = requestOf()
    given.client.judge = async (response, isExpired) =>
      isExpired({ ...given.client.reply(response), body: { code: given.sent.length === 1 ? 7 : 0 } })
    await tab.send(given)
    expect(given.sent).toHaveLength(2)
  })

  test('may look at a body that is there already', async () => {
    const tab = await setUp({ isExpired: ({ body }) => body === 'expired' })
    const given = requestOf([{ status: 200, body: 'expired' }])
    await tab.send(given)
    expect(given.sent).toHaveLength(2)
  })

  test.each<[string, FakeClient['judge']]>([
    ['in hand', undefined],
    ['that the client judges at once', (reply, judge) => judge({ status: reply.status, header: () => null })],
  ])('costs a reply %s no promise', async (_, judge) => {
    const promisesOf = async (rules: RequestRules): Promise<number> => {
      const tab = await setUp(rules)
      const given = requestOf()
      Object.assign(given.client, { judge })
      return promisesMadeBy(() => tab.send(given))
    }
    expect(await promisesOf({ isExpired: () => false })).toBe(await promisesOf({}))
  })

  test.each(['yes', 1, {}])('means no with %j, because only true is a yes', async (verdict) => {
    const given = requestOf([refused])
    await (await answering(verdict)).send(given)
    expect(given.sent).toHaveLength(1)
  })

  test('means no with a promise, whatever becomes of that', async () => {
    const given = requestOf([refused])
    await (await answering(Promise.reject(new Error('mine')))).send(given)
    expect(given.sent).toHaveLength(1)
  })

  test.each([
    ['at once', false],
    ['after the body was read', true],
  ])('that throws %s means no, with a warning', async (_, isLate) => {
    const tab = await setUp({
      isExpired() {
        throw new Error('mine')
      },
    })
    const given = requestOf([refused])
    if (isLate) given.client.judge = async (response, judge) => judge(given.client.reply(response))
    expect(await tab.send(given)).toBe(refused)
    expect(given.sent).toHaveLength(1)
    expect(eventsOf(tab)).toEqual([
      { type: 'warning', code: 'IS_EXPIRED_THREW', message: expect.stringContaining('isExpired') },
    ])
  })
})

describe('a refresh through the wrapped client', () => {
  const refreshUrl = 'https://api.test/refresh'

  test.each(['POST', 'GET'])('is warned of where it is a %s that the API accepts', async (method) => {
    const tab = await setUp({ refreshUrl })
    await tab.send(requestOf([], { method, url: refreshUrl }))
    expect(warningsOf(tab)).toEqual(method === 'POST' ? ['REFRESH_THROUGH_CLIENT'] : [])
    await tab.send(requestOf([], { method, url: `${refreshUrl}/more` }))
    expect(warningsOf(tab)).toHaveLength(method === 'POST' ? 1 : 0)
  })

  test.each<[claim: string, rules: RequestRules, more: Partial<FakeRequest>]>([
    ['by its URL', { refreshUrl }, { url: refreshUrl }],
    ['by the refresh token that it carries', {}, { text: 'token=refresh-1' }],
    ['by what the app calls in its refresh function', { isOwnCall: () => true }, {}],
  ])('is known %s: refused, it starts no other', async (_, rules, more) => {
    const tab = await setUp(rules)
    const given = requestOf([refused], { method: 'POST', ...more })
    expect(await tab.send(given)).toBe(refused)
    expect(given.sent).toHaveLength(1)
    expect(tab.endpoint.calls).toEqual([])
    expect(warningsOf(tab)).toEqual(['REFRESH_THROUGH_CLIENT'])
  })

  test('goes out at once and without a token while the session refreshes, so that it does not wait for itself', async () => {
    const tab = await setUp({ refreshUrl })
    tab.endpoint.always(never)
    await tab.clock.advance(900_000)
    const waiting = tab.send(requestOf())
    await settled()
    const given = requestOf([], { method: 'POST', url: refreshUrl })
    expect(await tab.send(given)).toEqual({ status: 200 })
    expect(given.sent).toEqual([null])
    tab.session.dispose()
    await expect(waiting).rejects.toMatchObject({ code: 'DISPOSED' })
  })

  test('is not known by a refresh token that there is not', async () => {
    const tab = openTab({ canRefresh: () => true })
    await tab.session.setTokens({ accessToken: 'access-1' })
    const given = requestOf([refused], { text: 'undefined' })
    await senderOf(tab)(given)
    expect(given.sent).toEqual(['Bearer access-1', 'Bearer access-2'])
  })

  test('is warned of with what to do', async () => {
    const tab = await setUp({ refreshUrl })
    await tab.send(requestOf([], { method: 'POST', url: refreshUrl }))
    expect(eventsOf(tab)).toMatchObject([{ message: expect.stringContaining('a separate client') }])
  })
})

describe('an endpoint that authorizes requests', () => {
  test('is asked with the token, the method and the URL, and its headers are sent', async () => {
    const authorized: unknown[] = []
    const tab = await setUp({
      async authorize(accessToken, target) {
        authorized.push([target, accessToken])
        return { Authorization: `DPoP ${accessToken}` }
      },
    })
    const given = requestOf([refused])
    await tab.send(given)
    expect(given.sent).toEqual(['DPoP access-1', 'DPoP access-2'])
    const target = { method: 'GET', url: 'https://api.test/things' }
    expect(authorized).toEqual([
      [target, 'access-1'],
      [target, 'access-2'],
    ])
  })

  test('may send no header at all', async () => {
    const tab = await setUp({ authorize: () => ({}) })
    const given = requestOf()
    await tab.send(given)
    expect(given.sent).toEqual([{}])
  })

  test.each([
    [
      'throws',
      (error: Error) => (): never => {
        throw error
      },
    ],
    ['rejects', (error: Error) => () => Promise.reject(error)],
  ])('and that %s fails the request without its words, before anything is sent', async (_, failing) => {
    const tab = await setUp({ authorize: failing(new TypeError('access-1 is not what I want')) })
    const given = requestOf()
    const error = await tab.send(given).catch((error: AuthError) => error)
    expect(error).toMatchObject({
      code: 'REFRESH_REFUSED',
      message: expect.stringMatching(/authorize.*: TypeError\. See /),
    })
    expect(`${(error as AuthError).cause} ${JSON.stringify(error)}`).not.toContain('access-1')
    expect(given.sent).toEqual([])
  })

  test('and that rejects with an AuthError fails the request with that', async () => {
    const reason = new AuthError('REFRESH_FAILED', 'mine')
    const tab = await setUp({ authorize: () => Promise.reject(reason) })
    await expect(tab.send(requestOf())).rejects.toBe(reason)
  })
})

describe('an endpoint that sees each reply', () => {
  const target = { method: 'GET', url: 'https://api.test/things' }

  /** Sends to a server that wants another try `refusals` times. */
  async function sendTo(refusals: number, more: Partial<FakeRequest> = {}) {
    let proofs = 0
    const seen: unknown[] = []
    const tab = await setUp({
      authorize: () => ({ DPoP: `proof-${++proofs}` }),
      onReply({ status }, request) {
        seen.push(request)
        return status === 401 ? 'again' : undefined
      },
    })
    const given = requestOf(
      Array.from({ length: refusals }, () => refused),
      more,
    )
    const reply = await tab.send(given)
    return { ...given, reply, seen, calls: tab.endpoint.calls }
  }

  test('costs one sending where it has nothing to say', async () => {
    const { reply, sent, discarded, seen } = await sendTo(0)
    expect(reply).toEqual({ status: 200 })
    expect(sent).toEqual([{ DPoP: 'proof-1' }])
    expect(discarded).toEqual([])
    expect(seen).toEqual([target])
  })

  test('has the request authorized and sent again where it asks for that, and the first reply is freed', async () => {
    const { reply, sent, discarded, calls } = await sendTo(1)
    expect(reply).toEqual({ status: 200 })
    expect(sent).toEqual([{ DPoP: 'proof-1' }, { DPoP: 'proof-2' }])
    expect(discarded).toEqual([refused])
    expect(calls, 'no refresh').toEqual([])
  })

  test('has it sent again once, whatever it asks for; then the refusal counts as any', async () => {
    const { sent, calls } = await sendTo(2)
    expect(sent).toEqual([{ DPoP: 'proof-1' }, { DPoP: 'proof-2' }, { DPoP: 'proof-3' }])
    expect(calls).toHaveLength(1)
  })

  test('does not have it sent again where the body can be sent once only', async () => {
    const { reply, sent, discarded } = await sendTo(1, { isReplayable: false })
    expect([reply, sent.length, discarded.length]).toEqual([refused, 1, 0])
  })

  test('may bring tokens, which the session adopts', async () => {
    const tab = await setUp({ onReply: () => ({ accessToken: 'access-2' }) })
    await tab.send(requestOf())
    await settled()
    expect(tab.source.record).toMatchObject({ accessToken: 'access-2', refreshToken: 'refresh-1' })
  })

  test.each<[claim: string, onReply: NonNullable<RequestRules['onReply']>, reply: FakeReply]>([
    ['the token in hand', () => ({ accessToken: 'access-1' }), { status: 200 }],
    ['what cannot be a token', () => ({ accessToken: 'two words' }), { status: 200 }],
    ['nothing', () => null, { status: 200 }],
    ['a promise of tokens', (async () => ({ accessToken: 'access-2' })) as never, { status: 200 }],
    ['a promise that rejects', (() => Promise.reject(new Error('mine'))) as never, { status: 200 }],
    ['a token from elsewhere', () => ({ accessToken: 'access-2' }), { status: 200, from: 'foreign' }],
    ['one from who knows where', () => ({ accessToken: 'access-2' }), { status: 200, from: 'unknown' }],
    [
      'an error',
      () => {
        throw new Error('mine')
      },
      { status: 200 },
    ],
  ])('changes nothing with %s', async (_, onReply, reply) => {
    const tab = await setUp({ onReply })
    expect(await tab.send(requestOf([reply]))).toBe(reply)
    await settled()
    expect(tab.source.record).toMatchObject({ accessToken: 'access-1', generation: 1 })
  })
})

describe('a request that fails without a reply', () => {
  const lost = new TypeError('Failed to fetch')

  async function warnings(page: string | undefined, more: Partial<FakeRequest> = {}, error: Error = lost) {
    if (page !== undefined) vi.stubGlobal('document', { baseURI: page })
    const tab = await setUp()
    await expect(tab.send(requestOf([error], more))).rejects.toBe(error)
    for (const warning of eventsOf(tab))
      expect(warning).toMatchObject({ message: expect.stringContaining('401') })
    return warningsOf(tab)
  }

  test('on another origin may be a refusal that is hidden', async () => {
    expect(await warnings('https://app.test/')).toEqual(['REPLY_HIDDEN'])
  })

  test.each<[string, string | undefined, Partial<FakeRequest>]>([
    ['where there is no page', undefined, {}],
    ['where the page has no address', 'nowhere', {}],
    ['on the origin of the page', 'https://api.test/', {}],
    ['where its URL is none', 'https://app.test/', { url: 'no URL' }],
    ['that its caller aborted', 'https://app.test/', { signal: AbortSignal.abort() }],
  ])('%s is what it is', async (_, page, more) => {
    expect(await warnings(page, more)).toEqual([])
  })

  test('for a reason of ours is what it is', async () => {
    expect(await warnings('https://app.test/', {}, new AuthError('SESSION_CHANGED', ''))).toEqual([])
  })
})

describe('1,200 requests that wait for one refresh', () => {
  const size = 1200

  async function crowd() {
    const tab = await setUp()
    const answer = deferred<RefreshOutcome>()
    tab.endpoint.answers(answer.promise)
    await tab.clock.advance(900_000)
    const requests = Array.from({ length: size }, () => requestOf())
    const outcomes = requests.map((given) =>
      tab.send(given).then(
        ({ status }) => status,
        ({ code, message }) => `${code}: ${message}`,
      ),
    )
    await settled()
    const refresh = () => answer.resolve(refreshed('access-2', 'refresh-2'))
    const sent = () => requests.flatMap((request) => request.sent)
    return { ...tab, sent, outcomes: Promise.all(outcomes), refresh }
  }

  test('all go out with the token that they waited for', async () => {
    const { sent, outcomes, refresh, endpoint } = await crowd()
    expect(sent()).toEqual([])
    refresh()
    expect(await outcomes).toEqual(Array(size).fill(200))
    expect(sent()).toEqual(Array(size).fill('Bearer access-2'))
    expect(endpoint.calls).toHaveLength(1)
  })

  test('do not go out for another user', async () => {
    const { sent, outcomes, session, refresh } = await crowd()
    await session.setTokens({ accessToken: 'access-9' })
    refresh()
    expect(new Set(await outcomes)).toEqual(new Set([expect.stringMatching(/^SESSION_CHANGED: /)]))
    expect(sent()).toEqual([])
  })

  test('are rejected when the session is disposed of', async () => {
    const { sent, outcomes, session, clock } = await crowd()
    session.dispose()
    expect(await outcomes).toEqual(Array(size).fill(expect.stringMatching(/^DISPOSED: .*disposed/)))
    expect(sent()).toEqual([])
    await clock.advance(20_000)
    expect(clock.armed).toEqual([])
  })
})

test('requests that waited for the store go out without a token where nobody is signed in', async () => {
  const reading = deferred<null>()
  const tab = openTab({ store: { read: () => reading.promise, write() {} } })
  const send = senderOf(tab)
  const requests = Array.from({ length: 1200 }, () => requestOf())
  const all = requests.map((given) => send(given))
  reading.resolve(null)
  await Promise.all(all)
  expect(requests.flatMap(({ sent }) => sent)).toEqual(Array(1200).fill(null))
})

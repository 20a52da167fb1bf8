// @vitest-environment node
import { describe, expect, test } from 'vitest'
import { AuthError } from '../../src/core/errors.js'
import type { StoredTokens } from '../../src/core/tokens.js'
import { createRequestGuard, type Exchange, type GuardOptions } from '../../src/http/request-guard.js'
import { attachGuard, guardOf } from '../../src/http/session-guard.js'
import { deferred } from '../support/deferred.js'
import { ended, misconfigured, never } from '../support/fake-endpoint.js'
import { type FakeTab, type FakeTabParts, openSignedInTab, openTab } from '../support/fake-tab.js'
import { settled } from '../support/settled.js'

interface FakeReply {
  status: number
  body?: unknown
}

/** One request of a client that is nothing but what the test says; by default, what it gets is 200. */
function requestOf(replies: (FakeReply | Error)[] = [], more: Partial<Exchange<FakeReply>> = {}) {
  const sent: unknown[] = []
  const discarded: FakeReply[] = []
  const explained: unknown[] = []
  const exchange: Exchange<FakeReply> = {
    method: 'GET',
    signal: undefined,
    mayRefresh: true,
    isReplayable: true,
    describe: () => 'https://api.test/things',
    async send(credentials) {
      sent.push(credentials?.Authorization ?? credentials)
      const reply = replies.shift() ?? { status: 200 }
      if (reply instanceof Error) throw reply
      return reply
    },
    statusOf: ({ status }) => status,
    replyOf: ({ status, body }) => ({ status, header: () => null, body }),
    isForeign: () => false,
    discard: (reply) => discarded.push(reply),
    explain(reply, reason) {
      explained.push(reason.code)
      return reply
    },
    carries: () => false,
    ...more,
  }
  return { exchange, sent, discarded, explained }
}

const refused: FakeReply = { status: 401 }

function guardOfTab(tab: FakeTab, options: Partial<GuardOptions> = {}) {
  return createRequestGuard(tab.gate, {
    allowedOrigins: [],
    page: () => 'https://app.test/',
    refresh: { isOwnCall: () => false, url: undefined },
    ...options,
  })
}

async function setUp(options: Partial<GuardOptions> = {}, parts: FakeTabParts = {}) {
  const tab = await openSignedInTab(parts)
  tab.events.length = 0
  return { ...tab, guard: guardOfTab(tab, options) }
}

/** What was told of requests, without what is the same in all. */
const told = ({ events }: Pick<FakeTab, 'events'>): unknown[] =>
  events.flatMap(({ at: _, ...event }) => ('id' in event || event.type === 'warning' ? [event] : []))
const warned = ({ events }: Pick<FakeTab, 'events'>): unknown[] =>
  events.flatMap((event) => (event.type === 'warning' ? [event.code] : []))

const about = { id: 1, method: 'GET', url: 'https://api.test/things' }

describe('what is told of a request', () => {
  test('that is held for an expired token: that, and its release', async () => {
    const tab = await setUp()
    await tab.clock.advance(900_000)
    const { exchange, sent } = requestOf()
    await tab.guard.send(exchange)
    expect(sent).toEqual(['Bearer access-2'])
    expect(told(tab)).toEqual([
      { type: 'request-held', reason: 'expired', ...about },
      { type: 'request-released', ...about },
    ])
  })

  test('that is held while the store is read: that, and its release', async () => {
    const tab = openTab()
    const { exchange, sent } = requestOf()
    await guardOfTab(tab).send(exchange)
    expect(sent).toEqual([null])
    expect(told(tab)).toEqual([
      { type: 'request-held', reason: 'loading', ...about },
      { type: 'request-released', ...about },
    ])
  })

  test('that fails where it was held: the code of the failure', async () => {
    const tab = await setUp()
    await tab.clock.advance(900_000)
    tab.endpoint.answers(ended)
    const { exchange, sent } = requestOf()
    await expect(tab.guard.send(exchange)).rejects.toMatchObject({ code: 'SESSION_EXPIRED' })
    expect(sent).toEqual([])
    expect(told(tab)).toContainEqual({ type: 'request-released', code: 'SESSION_EXPIRED', ...about })
  })

  test('that its caller calls off while it is held: that it was aborted', async () => {
    const tab = await setUp()
    await tab.clock.advance(900_000)
    const { exchange } = requestOf([], { signal: AbortSignal.abort('enough') })
    await expect(tab.guard.send(exchange)).rejects.toBe('enough')
    expect(told(tab)).toContainEqual({ type: 'request-released', code: 'ABORTED', ...about })
  })

  test('that was refused: that it is held and sent again, with another token', async () => {
    const tab = await setUp()
    const { exchange, sent, discarded } = requestOf([refused])
    expect(await tab.guard.send(exchange)).toEqual({ status: 200 })
    expect(sent).toEqual(['Bearer access-1', 'Bearer access-2'])
    expect(discarded).toEqual([refused])
    expect(told(tab)).toEqual([
      { type: 'request-held', reason: 'refused', ...about },
      { type: 'request-replayed', ...about },
    ])
  })

  test('that was refused, and for which there is no token: the reason, and its own 401', async () => {
    const tab = await setUp()
    tab.endpoint.answers(misconfigured)
    const { exchange, sent, explained } = requestOf([refused])
    expect(await tab.guard.send(exchange)).toBe(refused)
    expect(sent).toHaveLength(1)
    expect(explained).toEqual(['REFRESH_REFUSED'])
    expect(told(tab)).toContainEqual({ type: 'request-released', code: 'REFRESH_REFUSED', ...about })
  })

  test('that was refused and cannot be sent twice: its release; the next one has the new token', async () => {
    const tab = await setUp()
    const { exchange, sent } = requestOf([refused], { isReplayable: false })
    expect(await tab.guard.send(exchange)).toBe(refused)
    expect(sent).toHaveLength(1)
    expect(told(tab)).toContainEqual({ type: 'request-released', ...about })
    const next = requestOf()
    await tab.guard.send(next.exchange)
    expect(next.sent).toEqual(['Bearer access-2'])
  })
})

describe('a refusal', () => {
  test('of a token that had been replaced by then costs no refresh, and one of the new token another try', async () => {
    const tab = await setUp()
    const replies = [deferred<FakeReply>(), deferred<FakeReply>(), deferred<FakeReply>()]
    const sent: unknown[] = []
    const { exchange } = requestOf([], {
      send: (credentials) => {
        const reply = replies[sent.push(credentials?.Authorization) - 1] ?? deferred<FakeReply>()
        return reply.promise
      },
    })
    const request = tab.guard.send(exchange)
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

  test('after each of which somebody else renews ends with the third sending', async () => {
    const tab = await setUp()
    let sendings = 0
    const { exchange } = requestOf([], {
      async send() {
        sendings++
        await tab.session.refresh()
        return refused
      },
    })
    expect(await tab.guard.send(exchange)).toBe(refused)
    expect(sendings).toBe(3)
  })

  test.each<[string, Partial<Exchange<FakeReply>>]>([
    ['of a request that does not want a refresh', { mayRefresh: false }],
    ['from where the token may not go: a redirect lost it', { isForeign: () => true }],
  ])('%s is handed over as it is', async (_, more) => {
    const tab = await setUp()
    const { exchange, sent } = requestOf([refused], more)
    expect(await tab.guard.send(exchange)).toBe(refused)
    expect(sent).toEqual(['Bearer access-1'])
    expect(tab.endpoint.calls).toEqual([])
    expect(told(tab)).toEqual([])
  })

  test('whose caller has had enough by then rejects with his reason', async () => {
    const tab = await setUp()
    tab.endpoint.always(never)
    const controller = new AbortController()
    const { exchange, explained } = requestOf([refused], { signal: controller.signal })
    const request = tab.guard.send(exchange)
    await settled()
    controller.abort('enough')
    await expect(request).rejects.toBe('enough')
    expect(explained).toEqual([])
  })

  test('of a new token is believed: the route asks for no refresh until it takes a token', async () => {
    const tab = await setUp()
    await tab.guard.send(requestOf([refused, refused]).exchange)
    expect(tab.endpoint.calls).toHaveLength(1)
    const again = requestOf([refused])
    expect(await tab.guard.send(again.exchange)).toBe(refused)
    expect(again.sent).toHaveLength(1)
    await tab.guard.send(requestOf([{ status: 200 }]).exchange)
    await tab.guard.send(requestOf([refused]).exchange)
    expect(tab.endpoint.calls).toHaveLength(2)
  })
})

describe('isExpired', () => {
  const judge = (verdict: unknown) => setUp({ isExpired: () => verdict as boolean })

  test('is what says that a reply is a refusal, whatever its status', async () => {
    const tab = await setUp({ isExpired: ({ status }) => status === 419 })
    const { exchange, sent } = requestOf([{ status: 419 }, { status: 401 }])
    expect(await tab.guard.send(exchange)).toEqual({ status: 401 })
    expect(sent).toHaveLength(2)
    const next = requestOf([{ status: 419 }])
    await tab.guard.send(next.exchange)
    expect(next.sent, 'the route took the second token').toHaveLength(2)
  })

  test('may look at a body that must be waited for', async () => {
    const tab = await setUp({ isExpired: ({ body }) => (body as { code?: number } | undefined)?.code === 7 })
    const { exchange, sent } = requestOf([], { bodyOf: async () => ({ code: sent.length === 1 ? 7 : 0 }) })
    await tab.guard.send(exchange)
    expect(sent).toHaveLength(2)
  })

  test('may look at a body that is there already', async () => {
    const tab = await setUp({ isExpired: ({ body }) => body === 'expired' })
    const { exchange, sent } = requestOf([{ status: 200, body: 'expired' }])
    await tab.guard.send(exchange)
    expect(sent).toHaveLength(2)
  })

  test.each(['yes', 1, {}])('says no with %j: nothing but true is a yes', async (verdict) => {
    const { exchange, sent } = requestOf([refused])
    await (await judge(verdict)).guard.send(exchange)
    expect(sent).toHaveLength(1)
  })

  test('says no with a promise, whatever becomes of that', async () => {
    const { exchange, sent } = requestOf([refused])
    await (await judge(Promise.reject(new Error('mine')))).guard.send(exchange)
    expect(sent).toHaveLength(1)
  })

  test('that throws says no, with a warning', async () => {
    const tab = await setUp({
      isExpired() {
        throw new Error('mine')
      },
    })
    const { exchange, sent } = requestOf([refused])
    expect(await tab.guard.send(exchange)).toBe(refused)
    expect(sent).toHaveLength(1)
    expect(told(tab)).toEqual([
      { type: 'warning', code: 'IS_EXPIRED_THREW', message: expect.stringContaining('isExpired') },
    ])
  })
})

describe('the refresh through the guarded client', () => {
  const refreshUrl = 'https://api.test/refresh'
  const refresh = { isOwnCall: () => false, url: refreshUrl }

  test.each(['POST', 'GET'])('is warned of where it is a %s that the API has taken', async (method) => {
    const tab = await setUp({ refresh })
    await tab.guard.send(requestOf([], { method, describe: () => refreshUrl }).exchange)
    expect(warned(tab)).toEqual(method === 'POST' ? ['REFRESH_THROUGH_CLIENT'] : [])
    await tab.guard.send(requestOf([], { method, describe: () => `${refreshUrl}/more` }).exchange)
    expect(warned(tab)).toHaveLength(method === 'POST' ? 1 : 0)
  })

  test('that is refused starts no other', async () => {
    const tab = await setUp({ refresh })
    const { exchange, sent } = requestOf([refused], { method: 'POST', describe: () => refreshUrl })
    expect(await tab.guard.send(exchange)).toBe(refused)
    expect(sent).toHaveLength(1)
    expect(tab.endpoint.calls).toEqual([])
    expect(warned(tab)).toEqual(['REFRESH_THROUGH_CLIENT'])
  })

  test('is not looked for by a refresh token that there is not', async () => {
    const tab = openTab({ canRenew: () => true })
    await tab.session.setTokens({ accessToken: 'access-1' })
    const { exchange, sent } = requestOf([refused], { carries: () => true })
    await guardOfTab(tab).send(exchange)
    expect(sent).toEqual(['Bearer access-1', 'Bearer access-2'])
  })

  test('says what to do', async () => {
    const tab = await setUp({ refresh })
    await tab.guard.send(requestOf([], { method: 'POST', describe: () => refreshUrl }).exchange)
    expect(told(tab)).toMatchObject([{ message: expect.stringContaining('of its own') }])
  })
})

test('a request with a proof is proved for its method and its URL', async () => {
  const proved: unknown[] = []
  const tab = await setUp({
    refresh: {
      isOwnCall: () => false,
      url: undefined,
      proof: {
        async headersFor(request, accessToken) {
          proved.push([request, accessToken])
          return { Authorization: `DPoP ${accessToken}` }
        },
        heed: () => false,
      },
    },
  })
  const { exchange, sent } = requestOf()
  await tab.guard.send(exchange)
  expect(sent).toEqual(['DPoP access-1'])
  expect(proved).toEqual([[{ method: 'GET', url: 'https://api.test/things' }, 'access-1']])
})

describe('a request that fails without a reply', () => {
  const lost = new TypeError('Failed to fetch')

  async function warnings(
    options: Partial<GuardOptions>,
    more: Partial<Exchange<FakeReply>> = {},
    error: Error = lost,
  ) {
    const tab = await setUp(options)
    await expect(tab.guard.send(requestOf([error], more).exchange)).rejects.toBe(error)
    for (const warning of told(tab))
      expect(warning).toMatchObject({ message: expect.stringContaining('401') })
    return warned(tab)
  }

  test('on another origin may be a refusal that is hidden', async () => {
    expect(await warnings({})).toEqual(['REPLY_HIDDEN'])
  })

  test.each<[string, Partial<GuardOptions>, Partial<Exchange<FakeReply>>]>([
    ['where there is no page', { page: () => undefined }, {}],
    ['where the page has no address', { page: () => 'nowhere' }, {}],
    ['on the origin of the page', { page: () => 'https://api.test/' }, {}],
    ['where its URL is none', {}, { describe: () => 'no URL' }],
  ])('%s is what it is', async (_, options, more) => {
    expect(await warnings(options, more)).toEqual([])
  })

  test('for a reason of ours is what it is', async () => {
    expect(await warnings({}, {}, new AuthError('SESSION_CHANGED', ''))).toEqual([])
  })
})

describe('a crowd that waited', () => {
  const size = 1200

  async function crowd() {
    const tab = await setUp()
    await tab.clock.advance(900_000)
    const sent: unknown[] = []
    const outcomes: unknown[] = []
    for (let n = 0; n < size; n++) {
      const { exchange } = requestOf([], {
        async send(credentials) {
          sent.push(credentials?.Authorization)
          return { status: 200 }
        },
      })
      tab.guard.send(exchange).then(
        ({ status }) => outcomes.push(status),
        ({ code, message }) => outcomes.push(`${code}: ${message}`),
      )
    }
    const goOn = async (): Promise<void> => {
      await tab.clock.advance(0)
    }
    return { ...tab, sent, outcomes, goOn }
  }

  test('goes on in groups with the token that it waited for', async () => {
    const { sent, goOn, outcomes } = await crowd()
    await settled()
    expect(sent).toEqual([])
    await goOn()
    await settled()
    expect(new Set(sent)).toEqual(new Set(['Bearer access-2']))
    expect(outcomes).toEqual(Array(size).fill(200))
  })

  test('goes on with the token that is there when it is its turn', async () => {
    const { sent, goOn, session, endpoint, outcomes } = await crowd()
    await settled()
    await session.refresh()
    await goOn()
    await settled()
    expect(new Set(sent)).toEqual(new Set(['Bearer access-3']))
    expect(outcomes).toHaveLength(size)
    expect(endpoint.calls).toHaveLength(2)
  })

  test('does not go on for another user', async () => {
    const { sent, goOn, session, outcomes } = await crowd()
    await settled()
    await session.setTokens({ accessToken: 'access-9' })
    await goOn()
    await settled()
    expect(sent).toEqual([])
    expect(outcomes.filter((outcome) => /^SESSION_CHANGED/.test(String(outcome)))).toHaveLength(size)
  })

  test('is turned away when the session is disposed of', async () => {
    const { sent, session, outcomes, clock } = await crowd()
    await settled()
    session.dispose()
    await settled()
    expect(sent).toEqual([])
    expect(outcomes).toEqual(Array(size).fill(expect.stringMatching(/^DISPOSED: .*disposed/)))
    expect(clock.armed).toEqual([])
  })

  test('goes on without a token where nobody is signed in', async () => {
    const reading = deferred<StoredTokens | null>()
    const tab = openTab({ store: { read: () => reading.promise, write() {} } })
    const guard = guardOfTab(tab)
    const requests = Array.from({ length: size }, () => requestOf())
    const all = requests.map(({ exchange }) => guard.send(exchange))
    reading.resolve(null)
    await tab.clock.advance(0)
    await Promise.all(all)
    expect(requests.every(({ sent }) => sent.length === 1 && sent[0] === null)).toBe(true)
  })
})

describe('the guard of a session', () => {
  test('is found by another copy of the library, too', async () => {
    const { guard, session } = await setUp()
    attachGuard(session, guard)
    expect(guardOf(session)).toBe(guard)
    expect((session as unknown as Record<symbol, unknown>)[Symbol.for('latchkey.guard')]).toBe(guard)
  })

  test.each([undefined, null, {}, 'session'])('is not that of %j', (session) => {
    expect(() => guardOf(session as never)).toThrow(new TypeError('Expected a session made by createSession'))
  })
})

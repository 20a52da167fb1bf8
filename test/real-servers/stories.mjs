import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'

/**
 * @typedef {object} Stage
 * @property {import('./real-servers.mjs').RealServer} server
 * @property {import('./wire.mjs').Wire} wire
 * @property {Awaited<ReturnType<typeof import('./latchkey-from-source.mjs').latchkeyFromSource>>} latchkey
 * @property {number} lifetime of an access token, in seconds
 */

/** @typedef {import('../../src/index.js').RefreshEndpoint} RefreshEndpoint */

/**
 * A user who has signed in.
 *
 * @param {Stage} stage
 * @param {(endpoint: RefreshEndpoint) => RefreshEndpoint} [change]
 */
async function signIn({ server, wire, latchkey }, change = (endpoint) => endpoint) {
  const client = server.client?.() ?? { fetch: (url, init) => fetch(url, init) }
  const endpoint = {
    ...(await server.endpoint(latchkey.servers, wire.url)),
    ...(server.client && { fetch: client.fetch }),
  }
  const session = latchkey.createSession({ refresh: change(endpoint), store: latchkey.memoryStore() })
  await session.setTokens(await server.signIn(wire.url, client.fetch))
  // Where both have one URL, it has counted the sign-in.
  wire.reset()
  const api = latchkey.withSession(fetch, session)
  /** @param {number} times */
  const get = (times) =>
    Promise.all(
      Array.from({ length: times }, () =>
        api(`${wire.url}${server.apiPath}`).then(
          async (response) => {
            await response.text()
            return response.status
          },
          (error) => error.code ?? error.name,
        ),
      ),
    )
  return { session, get, end: () => session.dispose() }
}

/**
 * The endpoint, for a client whose clock knows nothing of expiry: the server alone says so.
 *
 * @param {Stage} stage
 * @returns {(endpoint: RefreshEndpoint) => RefreshEndpoint}
 */
const withoutExpiry =
  ({ latchkey }) =>
  (endpoint) => ({
    ...endpoint,
    timing: 'any',
    parse(reply) {
      const tokens = endpoint.parse
        ? endpoint.parse(reply)
        : reply.status < 300
          ? latchkey.findTokens(reply)
          : null
      return tokens && { ...tokens, expiresIn: 3600 }
    },
  })

/** @param {Stage} stage */
const untilExpiry = ({ lifetime }) => sleep(lifetime * 1000 + 1200)

const ok = [200, 200, 200, 200, 200]

/**
 * @param {Stage} stage
 * @param {'down' | 'busy'} trouble
 */
async function outlive(stage, trouble) {
  const { session, get, end } = await signIn(stage)
  await untilExpiry(stage)
  stage.wire.state = trouble
  const outcomes = await get(3)
  assert.ok(!outcomes.includes(200), `${outcomes}`)
  assert.equal(session.state.status, 'signed-in')
  stage.wire.state = 'up'
  await sleep(stage.server.recoveryMs ?? 2500)
  assert.deepEqual(await get(5), ok)
  end()
  return undefined
}

/**
 * @param {Stage} stage
 * @param {Awaited<ReturnType<typeof signIn>>} user
 */
async function assertEnded(stage, { session, get, end }) {
  await untilExpiry(stage)
  const outcomes = await get(2)
  assert.ok(!outcomes.includes(200), `${outcomes}`)
  assert.deepEqual(session.state, { status: 'signed-out', reason: 'expired' })
  end()
}

/**
 * What is tried with every server. A story may return a note, or that it does not apply.
 *
 * @type {Record<string, (stage: Stage) => Promise<string | undefined>>}
 */
export const stories = {
  async 'the sign-in reply is taken as it came, and the API answers'(stage) {
    const { get, end } = await signIn(stage)
    assert.deepEqual(await get(1), [200])
    end()
    return undefined
  },

  async 'five calls at an expiry that the clock knows are answered after one refresh, twice'(stage) {
    const { get, end } = await signIn(stage)
    for (const round of [1, 2]) {
      await untilExpiry(stage)
      assert.deepEqual(await get(5), ok)
      assert.equal(stage.wire.refreshes, round)
    }
    end()
    return undefined
  },

  async 'five calls at an expiry that the API alone knows are answered after one refresh'(stage) {
    const { get, end } = await signIn(stage, withoutExpiry(stage))
    await untilExpiry(stage)
    assert.deepEqual(await get(5), ok)
    assert.equal(stage.wire.refreshesAnswered, 1)
    end()
    return undefined
  },

  'nobody is signed out by a server that is away, and calls are answered when it is back': (stage) =>
    outlive(stage, 'down'),

  'nobody is signed out by a server that answers 503': (stage) => outlive(stage, 'busy'),

  async 'a refresh whose reply is lost'(stage) {
    const { session, get, end } = await signIn(stage)
    await untilExpiry(stage)
    stage.wire.losesNextRefresh = true
    await get(1)
    await sleep(stage.server.recoveryMs ?? 2500)
    const [outcome] = await get(1)
    const isIn = outcome === 200 && session.state.status === 'signed-in'
    assert.equal(isIn, stage.server.forgivesLostReply, `${outcome}, ${session.state.status}`)
    end()
    return isIn ? 'the session goes on' : 'the server takes no spent token, and the session ends'
  },

  async 'a refresh token that was revoked ends the session'(stage) {
    const { server, wire } = stage
    if (server.revokes === false) return 'does not apply'
    const user = await signIn(stage)
    const { status } = await fetch(`${wire.url}/test/revoke`, { method: 'POST' })
    assert.equal(status, 200)
    await assertEnded(stage, user)
    return undefined
  },

  async 'a refresh token that the server never issued ends the session'(stage) {
    const { server } = stage
    if (!server.rubbish) return 'does not apply'
    const user = await signIn(stage)
    const accessToken = await user.session.getAccessToken()
    await user.session.setTokens({ accessToken: accessToken ?? '', refreshToken: server.rubbish })
    await assertEnded(stage, user)
    return undefined
  },

  async 'a wrong path of the refresh ends no session'(stage) {
    const { session, get, end } = await signIn(stage, (endpoint) => ({
      ...endpoint,
      url: `${stage.wire.url}/nowhere`,
    }))
    await untilExpiry(stage)
    const outcomes = await get(2)
    assert.ok(!outcomes.includes(200), `${outcomes}`)
    assert.equal(session.state.status, 'signed-in')
    end()
    return undefined
  },

  async 'the server takes the call of a sign-out'(stage) {
    const { server, latchkey, wire } = stage
    // That of a browser would bring the cookies along.
    if (server.client || !(await server.endpoint(latchkey.servers, wire.url)).signOut) return 'does not apply'
    const { session, end } = await signIn(stage)
    /** @type {unknown[]} */
    const warnings = []
    session.on((event) => event.type === 'warning' && warnings.push(event))
    await session.signOut()
    await sleep(1000)
    assert.deepEqual(warnings, [])
    end()
    return undefined
  },
}

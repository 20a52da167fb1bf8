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
  const store = latchkey.memoryStore()
  const session = latchkey.createSession({ refresh: change(endpoint), store })
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
  return { session, store, get, end: () => session.dispose() }
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

/** Calls at an expiry. */
const calls = 20
const ok = Array.from({ length: calls }, () => 200)

/**
 * Twenty calls side by side, and the refreshes that they caused. Where the machine is so slow that the new token expires
 * before the last one is answered, another refresh is right, and so is a 401: the story is told again then.
 *
 * @param {Stage} stage
 * @param {Awaited<ReturnType<typeof signIn>>} user
 */
async function callsAtExpiry(stage, { get }) {
  for (let tries = 1; ; tries++) {
    await untilExpiry(stage)
    const { wire, lifetime } = stage
    wire.reset()
    const startedAt = Date.now()
    const outcomes = await get(calls)
    if (Date.now() - startedAt > (lifetime - 1) * 1000 && tries < 5) continue
    assert.deepEqual(outcomes, ok)
    return { refreshes: wire.refreshes, refreshesAnswered: wire.refreshesAnswered }
  }
}

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
  assert.deepEqual(await get(5), ok.slice(0, 5))
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

/** @param {Awaited<ReturnType<typeof signIn>>} user */
async function warningsOfSignOut({ session }) {
  /** @type {string[]} */
  const warnings = []
  session.on((event) => event.type === 'warning' && warnings.push(event.code))
  await session.signOut()
  await sleep(1000)
  return warnings
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

  async 'twenty calls at an expiry that the clock knows are answered after one refresh, twice'(stage) {
    const user = await signIn(stage)
    for (const _ of [1, 2]) assert.equal((await callsAtExpiry(stage, user)).refreshes, 1)
    user.end()
    return undefined
  },

  async 'twenty calls at an expiry that the API alone knows are answered after one refresh'(stage) {
    const user = await signIn(stage, withoutExpiry(stage))
    assert.equal((await callsAtExpiry(stage, user)).refreshesAnswered, 1)
    user.end()
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

  async 'a token that the server never issued ends the session'(stage) {
    const { server } = stage
    if (!server.rubbish) return 'does not apply'
    const user = await signIn(stage)
    const accessToken = (await user.session.getAccessToken()) ?? ''
    const { rubbish } = server
    await user.session.setTokens(
      server.hasOneToken ? { accessToken: rubbish } : { accessToken, refreshToken: rubbish },
    )
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
    const user = await signIn(stage)
    assert.deepEqual(await warningsOfSignOut(user), [])
    user.end()
    return undefined
  },

  async 'the call of a sign-out after the expiry'(stage) {
    const { server, latchkey, wire } = stage
    if (server.client || !(await server.endpoint(latchkey.servers, wire.url)).signOut) return 'does not apply'
    const user = await signIn(stage)
    await untilExpiry(stage)
    const warnings = await warningsOfSignOut(user)
    assert.deepEqual(warnings, server.signOutNeedsAccessToken ? ['SIGN_OUT_NOT_TOLD'] : [])
    user.end()
    return warnings.length === 0 ? 'the server takes it' : 'the server refuses it, and the app is warned'
  },

  async 'after a sign-out the server takes its refresh token no more'(stage) {
    if (!stage.server.signOutRevokes) return 'does not apply'
    const user = await signIn(stage)
    const { accessToken = '', refreshToken = '' } = (await user.store.read()) ?? {}
    await user.session.signOut()
    await sleep(1000)
    user.end()
    const other = await signIn(stage)
    await other.session.setTokens({ accessToken, refreshToken })
    await assertEnded(stage, other)
    return undefined
  },
}

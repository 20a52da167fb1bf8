import { compare } from '../compare.mjs'
import { createMemoryStorage } from '../memory-storage.mjs'
import bareAxios from '../peers/bare-axios.mjs'
import bareFetch from '../peers/bare-fetch.mjs'
import headerForOrigin from '../peers/header-for-origin.mjs'
import headerOnCopy from '../peers/header-on-copy.mjs'
import headerOnly from '../peers/header-only.mjs'
import { axiosPeers, fetchPeers } from '../peers/index.mjs'
import { jwtOf } from '../server.mjs'
import { lineOf } from '../summary.mjs'
import { fixed, tableOf } from '../table.mjs'

const origin = 'https://api.example.com'
/** What the last request carried, to see that each peer does its work. @type {unknown} */
let authorization
/** @type {import('axios').AxiosAdapter} */
const adapter = async (config) => {
  authorization = config.headers.Authorization
  return { data: '', status: 200, statusText: 'OK', headers: {}, config }
}
const reply = new Response(null, { status: 200 })
/** @type {typeof fetch} */
const noFetch = async (input, init) => {
  authorization = input instanceof Request ? input.headers : init?.headers
  return reply
}
/** @param {unknown} headers */
const readHeader = (headers) =>
  typeof headers === 'object' && headers
    ? new Headers(/** @type {HeadersInit} */ (headers)).get('authorization')
    : headers

/** The token is valid and nothing is sent: what is left is the way to the wire and back. */
export async function measureCpuPerRequest() {
  const now = Date.now()
  const lifeMs = 86_400_000
  const tokens = {
    accessToken: jwtOf(now, now + lifeMs),
    refreshToken: 'refresh',
    expires_in: lifeMs / 1000,
    expires_at: (now + lifeMs) / 1000,
  }
  /** @param {import('../peers/peer.js').Peer} peer */
  async function callOf(peer) {
    /** @type {import('../peers/peer.js').Place} */
    const place = {
      origin,
      adapter,
      fetch: noFetch,
      storage: createMemoryStorage(),
      expiry: 'known',
      aheadMs: 0,
    }
    const client = await peer.wire(place)
    await client.signIn(tokens)
    await client.get('/me')
    if (peer !== bareAxios && readHeader(authorization) !== `Bearer ${tokens.accessToken}`) {
      throw new Error(`${peer.name} sends no token`)
    }
    return { call: () => client.get('/me'), close: () => client.close?.() }
  }

  const tables = []
  const summary = []
  for (const [title, callsPerTurn, baseline, limits, contenders] of /** @type {const} */ ([
    ['over bare axios', 1000, bareAxios, [headerOnly, headerOnCopy], axiosPeers],
    ['over a wrapper of `fetch` that adds the header', 4000, bareFetch, [headerForOrigin], fetchPeers],
  ])) {
    const base = await callOf(baseline)
    const wired = [await callOf(baseline)]
    const others = [...limits, ...Object.values(contenders)]
    for (const peer of others) wired.push(await callOf(peer))
    const names = [`${baseline.name}, against itself`, ...others.map(({ name }) => name)]
    const rows = await compare({
      baseline: base.call,
      contenders: Object.fromEntries(names.map((name, index) => [name, wired[index].call])),
      rounds: 31,
      callsPerTurn,
      seed: 1,
    })
    for (const { close } of wired) close()
    tables.push(
      tableOf(
        [`CPU per request ${title}`, 'median ratio', 'quartiles', 'more, µs'],
        rows.map(({ name, lower, median, upper, moreMicros }) => [
          name,
          fixed(median),
          `${fixed(lower)} to ${fixed(upper)}`,
          fixed(moreMicros, 1),
        ]),
      ),
    )
    const peers = rows.slice(1 + limits.length)
    const found = peers.map(({ name, median: value }) => ({ name, value }))
    summary.push(lineOf({ figure: `CPU per request ${title}`, found }))
    if (baseline === bareFetch) {
      const more = peers.map(({ name, moreMicros: value }) => ({ name, value }))
      summary.push(lineOf({ figure: 'the same, more µs', digits: 1, found: more }))
    }
  }
  return { tables, summary }
}

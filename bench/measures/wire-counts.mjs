import { setTimeout as sleep } from 'node:timers/promises'
import { createMemoryStorage } from '../memory-storage.mjs'
import { peers } from '../peers/index.mjs'
import { startServer } from '../server.mjs'
import { lineOf } from '../summary.mjs'
import { tableOf } from '../table.mjs'

const together = 50

/**
 * @typedef {object} Situation
 * @property {string} name
 * @property {'known' | 'unknown'} expiry
 * @property {number} limit No client that knows what this one knows can do with fewer.
 * @property {number} apiMs So that all are in flight before the first is refused.
 * @property {(send: () => Promise<unknown>) => Promise<unknown>[]} start
 *
 * @type {Situation[]}
 */
const situations = [
  {
    name: 'expiry known',
    expiry: 'known',
    limit: together + 1,
    apiMs: 50,
    start: (send) => Array.from({ length: together }, send),
  },
  {
    name: 'expiry unknown',
    expiry: 'unknown',
    limit: 2 * together + 1,
    apiMs: 50,
    start: (send) => Array.from({ length: together }, send),
  },
  {
    // Half of them 25 ms later: their refusals come when the new token is there.
    name: 'unknown, half of them later',
    expiry: 'unknown',
    limit: 2 * together + 1,
    apiMs: 50,
    start: (send) =>
      Array.from({ length: together }, (_, index) => (index % 2 === 0 ? send() : sleep(25).then(send))),
  },
]

/** Requests on the wire for 50 requests at one expiry, by the server's counters. */
export async function measureWireCounts() {
  /** @type {Map<string, string[]>} */
  const rows = new Map(Object.values(peers).map(({ name }) => [name, []]))
  /** What went out, by situation; a peer that lost requests saved nothing. @type {{ name: string, value: number }[][]} */
  const found = situations.map(() => [])
  for (const peer of Object.values(peers)) {
    for (const [index, { expiry, apiMs, start }] of situations.entries()) {
      const server = await startServer({ lifeMs: expiry === 'known' ? 100 : 3_600_000 })
      const client = await peer.wire({
        origin: server.origin,
        storage: createMemoryStorage(),
        expiry,
        aheadMs: 0,
      })
      await client.signIn(server.signIn())
      await sleep(150)
      server.expire()
      Object.assign(server.settings, { lifeMs: 3_600_000, apiMs })
      server.resetCounters()
      const outcomes = await Promise.allSettled(start(() => client.get('/api/me')))
      const lost = outcomes.filter(({ status }) => status === 'rejected').length
      const { api, refreshCalls } = server.counters
      rows.get(peer.name)?.push(`${api} + ${refreshCalls}${lost > 0 ? `, ${lost} failed` : ''}`)
      found[index]?.push({ name: peer.name, value: lost > 0 ? Number.NaN : api + refreshCalls })
      client.close?.()
      await server.close()
    }
  }
  const head = [
    `${together} requests at an expiry: API + refresh calls`,
    ...situations.map(({ name }) => name),
  ]
  const limit = ['physical limit', ...situations.map(({ limit }) => `${limit - 1} + 1`)]
  const table = tableOf(head, [limit, ...[...rows].map(([name, cells]) => [name, ...cells])])
  const summary = situations.map(({ name }, index) =>
    lineOf({
      figure: `Requests on the wire for ${together}, ${name}`,
      digits: 0,
      found: found[index] ?? [],
    }),
  )
  return { tables: [table], summary }
}

// `node --expose-gc bench/heap-in-node.mjs PEER`: prints by how many bytes the objects on the heap grew over the requests, as JSON.
import { getEventListeners } from 'node:events'
import { text } from 'node:stream/consumers'
import { getHeapSnapshot } from 'node:v8'
import axios from 'axios'
import { createMemoryStorage } from './memory-storage.mjs'
import bareAxios from './peers/bare-axios.mjs'
import { axiosPeers } from './peers/index.mjs'
import { startServer } from './server.mjs'

const [, , name = '', times = '100000'] = process.argv
const peer = { ...axiosPeers, bareAxios }[name]
const together = 100
/** Every so many turns the requests meet an expired token, and are held. */
const turnsPerExpiry = 10

const server = await startServer()
/** @type {import('axios').AxiosAdapter} */
const adapter = async (config) => {
  const isGood = peer === bareAxios || server.accepts(config.headers.Authorization)
  const response = { data: '', status: isGood ? 200 : 401, statusText: '', headers: {}, config, request: {} }
  if (!isGood) throw new axios.AxiosError('401', 'ERR_BAD_REQUEST', config, {}, response)
  return response
}
const client = await peer.wire({
  origin: server.origin,
  adapter,
  storage: createMemoryStorage(),
  expiry: 'unknown',
  aheadMs: 0,
})
await client.signIn(server.signIn())
const { signal } = new AbortController()

/** @param {number} count */
async function send(count) {
  let failed = 0
  for (let turn = 0; turn < count / together; turn++) {
    if (turn % turnsPerExpiry === 0) server.expire()
    const outcomes = await Promise.allSettled(
      Array.from({ length: together }, () => client.get('/api/me', { signal })),
    )
    failed += outcomes.filter(({ status }) => status === 'rejected').length
  }
  return failed
}

/** Without what V8 keeps of the code it has compiled, which comes and goes by itself and weighs more than all else. */
async function usedBytes() {
  // Node's own list of calls of `fetch`, which ends at 250.
  performance.clearResourceTimings()
  // What waits for a turn of the event loop, or for a finalizer, is garbage only after it.
  for (let time = 0; time < 4; time++) {
    await new Promise((resolve) => setTimeout(resolve, 50))
    globalThis.gc?.()
  }
  const { snapshot, nodes } = JSON.parse(await text(getHeapSnapshot()))
  const { node_fields: fields, node_types: types } = snapshot.meta
  const [typeAt, sizeAt] = [fields.indexOf('type'), fields.indexOf('self_size')]
  const isOfV8 = types[typeAt].map((/** @type {string} */ type) =>
    ['code', 'hidden', 'object shape'].includes(type),
  )
  let bytes = 0
  for (let at = 0; at < nodes.length; at += fields.length) {
    if (!isOfV8[nodes[at + typeAt]]) bytes += nodes[at + sizeAt]
  }
  return bytes
}

await send(20_000)
const before = await usedBytes()
const failed = await send(Number(times))
const grownBytes = (await usedBytes()) - before
console.log(JSON.stringify({ grownBytes, failed, listeners: getEventListeners(signal, 'abort').length }))
process.exit()

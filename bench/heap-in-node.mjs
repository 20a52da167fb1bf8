// `node --expose-gc bench/heap-in-node.mjs PEER`: prints by how many bytes the heap grew over the requests, as JSON.
import { getEventListeners } from 'node:events'
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

async function usedBytes() {
  // What waits for a turn of the event loop is garbage only after it.
  await new Promise((resolve) => setTimeout(resolve, 50))
  for (let time = 0; time < 4; time++) globalThis.gc?.()
  return process.memoryUsage().heapUsed
}

await send(20_000)
const before = await usedBytes()
const failed = await send(Number(times))
const grownBytes = (await usedBytes()) - before
console.log(JSON.stringify({ grownBytes, failed, listeners: getEventListeners(signal, 'abort').length }))
process.exit()

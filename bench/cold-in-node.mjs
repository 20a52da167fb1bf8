// `node bench/cold-in-node.mjs MODULE STORED`: prints the CPU time, in ms, of importing a bundled peer
// and wiring it, and of wiring it once more.
import { readFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { createMemoryStorage } from './memory-storage.mjs'

const [, , file = '', stored = '{}'] = process.argv
const storage = createMemoryStorage()
for (const [key, value] of Object.entries(JSON.parse(stored))) storage.setItem(key, value)
// The app has it anyway.
await import('axios')
readFileSync(file)

async function start() {
  const before = process.cpuUsage()
  const { default: peer } = await import(pathToFileURL(file).href)
  await peer.wire({ origin: 'https://api.example.com', storage, expiry: 'known', aheadMs: 0 })
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000
}
const first = await start()
console.log(JSON.stringify({ first, again: await start() }))
// Some peers keep a timer.
process.exit()

// `node bench/cold-in-node.mjs MODULE STORED`: prints the CPU time, in µs, of importing a bundled peer and wiring it.
import { readFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { createMemoryStorage } from './memory-storage.mjs'

const [, , file = '', stored = '{}'] = process.argv
const storage = createMemoryStorage()
for (const [key, value] of Object.entries(JSON.parse(stored))) storage.setItem(key, value)
// The app has it anyway.
await import('axios')
readFileSync(file)

const start = process.cpuUsage()
const { default: peer } = await import(pathToFileURL(file).href)
await peer.wire({ origin: 'https://api.example.com', storage, expiry: 'known', aheadMs: 0 })
const { user, system } = process.cpuUsage(start)
console.log(user + system)
process.exit()

import { gzipSync } from 'node:zlib'
import { fromSource } from '../from-source.mjs'
import { tableOf } from '../table.mjs'

const whole = `
  export { createSession } from './src/index.ts'
  export { headerPair } from './src/servers.ts'
  export { withSession } from './src/axios.ts'`

const refreshCall = /^src\/http\/(refresh-(call|reply|request)|response-text)/

/** By the modules that they are made of. */
const parts = {
  'the lock where there are no Web Locks': [/lease-lock/],
  'the protocol': [/^src\/servers\//],
  'the call of the refresh endpoint, and reading its reply': [refreshCall],
  'all of src/browser: store, locks, tabs, page': [/^src\/browser\//],
  'jwt-decode': [/^jwt-decode/],
  'the protocol, the call and src/browser: what is left is the session and the requests': [
    /^src\/servers\//,
    refreshCall,
    /^src\/browser\//,
  ],
  'all but src/core and its options': [/^src\/(servers|http|browser|axios)\//],
}

/** @param {RegExp[]} [without] */
async function bytesOf(without = []) {
  const unseen = new Set(without)
  const code = await fromSource(whole, (path) => {
    const matching = without.filter((modules) => modules.test(path))
    for (const modules of matching) unseen.delete(modules)
    return matching.length > 0
  })
  if (unseen.size > 0) throw new Error(`no module is like ${[...unseen].join(', ')}`)
  return gzipSync(code, { level: 9 }).byteLength
}

/** What the parts of the default take, each by what is saved without it. */
export async function measureSizeByPart() {
  const full = await bytesOf()
  const rows = [['all', full, '']]
  for (const [name, modules] of Object.entries(parts)) {
    const without = await bytesOf(modules)
    rows.push([`without ${name}`, without, without - full])
  }
  return tableOf(['`createSession`, `headerPair`, `withSession` of axios by part', 'bytes', 'less'], rows)
}

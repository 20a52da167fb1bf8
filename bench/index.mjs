// Latchkey beside its peers: `npm run bench` measures everything, prints it and writes `bench/results.md` and the plots.
// `node bench/index.mjs size heap` prints some of it, and writes nothing.
import { writeFileSync } from 'node:fs'
import { machine } from './machine.mjs'
import { measureColdStart } from './measures/cold-start.mjs'
import { measureCpuPerRequest } from './measures/cpu-per-request.mjs'
import { measureHeap } from './measures/heap.mjs'
import { measureHeldRequests } from './measures/held-requests.mjs'
import { measureLatencyAtExpiry } from './measures/latency-at-expiry.mjs'
import { measureServiceWorker } from './measures/service-worker.mjs'
import { measureSize } from './measures/size.mjs'
import { measureTabs } from './measures/tabs.mjs'
import { measureWireCounts } from './measures/wire-counts.mjs'
import { tableOf } from './table.mjs'

/** @typedef {{ tables: string[], summary: import('./summary.mjs').Line[], plots?: Record<string, string> }} Finding Plots by their file's name. */

/** @type {Record<string, { title: string, note: string, measure: () => Promise<Finding> }>} */
const measures = {
  cpu: {
    title: 'CPU time per request',
    note: `The token is valid and nothing is sent. Each turn of 1,000 requests (4,000 of \`fetch\`) is paired with one of the baseline
right before or after it, in random order; the ratio is that of the process's CPU time. The first row is the method's own
error, the next ones are limits: a header and nothing else, and the least that keeps the token where it belongs. For axios that
is a copy of the config, for errors and logs show the app's own: with what adapters wrote put back, a third of what Latchkey adds. The rest is spread
thinly: the interceptor, the adapter around the app's, the promise of one more function that awaits the reply, the checks of
origin, credentials and expiry. For \`fetch\` it is the parse of the URL, which alone takes more than the baseline.`,
    measure: measureCpuPerRequest,
  },
  worker: {
    title: 'A request that passes through the service worker',
    note: `In Node, without the browser's own work: the token is valid and nothing is sent. What is left alone costs the parse of
its URL, and goes back to the browser without a call of \`fetch\` by the worker.`,
    measure: measureServiceWorker,
  },
  wire: {
    title: 'Requests on the wire',
    note: 'By the server’s counters, in Node. The server rotates refresh tokens and ends the session when one comes again.',
    measure: measureWireCounts,
  },
  tabs: {
    title: 'Tabs',
    note: `Five tabs of one user send four requests each at the same instant, right after each expiry. The server forgives no
refresh token that comes again: the session is lost, and the user signs in anew. A request that takes 3 s has failed.`,
    measure: measureTabs,
  },
  latency: {
    title: 'What a busy user sees of an expiry',
    note: `“At expiry” is what began from 100 ms before a refresh until 100 ms after it. The API takes 20 ms, the refresh 100 ms,
tokens live 2 s, and may be refreshed from 1 s before their end where a peer can. The first row's token never expires: what is
measured there, around instants a second apart, is chance.`,
    measure: measureLatencyAtExpiry,
  },
  held: {
    title: 'Held requests',
    note: 'The median of five turns in Chromium, each measured against the same thousand requests with a valid token.',
    measure: measureHeldRequests,
  },
  heap: {
    title: 'Memory',
    note: `After a garbage collection, against the heap after the first requests. In Node every tenth hundred of requests meets an
expired token, and what is counted is objects: V8's record of the code it has compiled comes and goes by itself. The server
is in the same heap, and keeps a record of each of the 100 refreshes.`,
    measure: measureHeap,
  },
  size: {
    title: 'Size',
    note: `Axios and frameworks are left to the app. This is the production build. \`createSession\` brings one store along, IndexedDB
with memory behind it, and no protocol: an app pays for what it imports, and the rows of what is added say how much that
is. Parts loaded when needed would save little, and a page that is open while the app is deployed anew may not find them
when its token expires: so nothing is loaded that way but the code of DPoP, which the row of \`oauth2\` has in it.`,
    measure: measureSize,
  },
  cold: {
    title: 'Cold start',
    note: `CPU time of importing and wiring where a session is stored, less that of an empty module; medians. In Node of all threads,
in Chromium of the main thread. Axios has been loaded before. “Once more” is the same wiring again in the same place: what is
left of it when its code has been compiled. So most of Latchkey's cold start is the engine meeting the code, and grows with
its size; the first row is that code in a function which nobody calls, and Chromium parses it on another thread.`,
    measure: measureColdStart,
  },
}

const chosen = process.argv.slice(2)
const unknown = chosen.filter((name) => !(name in measures))
if (unknown.length > 0) throw new Error(`${unknown} is none of ${Object.keys(measures)}`)

const sections = []
/** @type {import('./summary.mjs').Line[]} */
const lines = []
for (const [name, { title, note, measure }] of Object.entries(measures)) {
  if (chosen.length > 0 && !chosen.includes(name)) continue
  const { tables, summary, plots = {} } = await measure()
  lines.push(...summary)
  const section = [`## ${title}`, ...tables, note].join('\n\n')
  console.log(`\n${section}`)
  sections.push(section, ...Object.keys(plots).map((file) => `![${title}](${file})`))
  if (chosen.length > 0) continue
  for (const [file, svg] of Object.entries(plots)) writeFileSync(new URL(file, import.meta.url), svg)
}

const overview = tableOf(
  ['figure', 'Latchkey', 'best of the peers'],
  lines.map(({ figure, ours, best }) => [figure, ours, best]),
)
console.log(`\n${overview}`)

if (chosen.length === 0) {
  const head = `# Latchkey beside its peers

Made by \`npm run bench\` (a part of it: \`node bench/index.mjs ${Object.keys(measures).join(' | ')}\`) on
${await machine()}.

Every figure is from one run, peers and limits side by side. How each peer is wired: [bench/peers](peers).`
  writeFileSync(new URL('results.md', import.meta.url), `${[head, overview, ...sections].join('\n\n')}\n`)
}
// Clients of the peers may have timers left.
process.exit()

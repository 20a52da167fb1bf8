// What runs in each tab: one peer, wired as the address says. The measures call `window.bench`.
import { AxiosError } from 'axios'
import bareAxios from './peers/bare-axios.mjs'
import headerOnly from './peers/header-only.mjs'
import { peers } from './peers/index.mjs'
import { expiryOf } from './peers/pair.mjs'

const options = new URLSearchParams(location.search)
const peer = { ...peers, bareAxios, headerOnly }[options.get('peer') ?? '']
if (!peer) throw new Error('no such peer')

/** Refuses tokens that have expired, and sends nothing. @type {import('axios').AxiosAdapter} */
async function nothing(config) {
  const token = String(config.headers.Authorization).replace('Bearer ', '')
  const isGood = config.headers.Authorization === undefined || Date.now() < expiryOnce(token)
  const response = { data: '', status: isGood ? 200 : 401, statusText: '', headers: {}, config, request: {} }
  if (isGood) return response
  throw new AxiosError('401', AxiosError.ERR_BAD_REQUEST, config, {}, response)
}

/** @type {typeof fetch} */
async function noFetch(input, init) {
  const headers = input instanceof Request ? input.headers : new Headers(init?.headers)
  const token = headers.get('Authorization')?.replace('Bearer ', '') ?? ''
  return new Response(null, { status: Date.now() < expiryOnce(token) ? 200 : 401 })
}

/** @type {Map<string, number>} */
const expiries = new Map()
/** @param {string} token */
function expiryOnce(token) {
  const known = expiries.get(token)
  if (known !== undefined) return known
  expiries.set(token, expiryOf(token))
  return expiryOnce(token)
}

const wired = Promise.resolve(
  peer.wire({
    origin: location.origin,
    storage: localStorage,
    expiry: options.get('expiry') === 'known' ? 'known' : 'unknown',
    aheadMs: Number(options.get('aheadMs')),
    ...(options.has('noNetwork') && { adapter: nothing, fetch: noFetch }),
  }),
)

const patienceMs = Number(options.get('patienceMs') ?? 3000)

/** @typedef {{ startedAt: number, tookMs: number, isAccepted: boolean }} Sample */

/** As of a page that stays: a framework's, or the app's own. */
const lasting = new AbortController()
let lastRequest = 0

/** @returns {Promise<Sample>} */
async function sample() {
  const client = await wired
  // A browser sends requests that are alike one after the other.
  const path = `/api/me?n=${++lastRequest}`
  const startedAt = performance.timeOrigin + performance.now()
  // In some peers a request that waits for a failed refresh waits for ever.
  const isAccepted = await Promise.race([
    client.get(path).then(
      () => true,
      () => false,
    ),
    new Promise((resolve) => setTimeout(resolve, patienceMs, false)),
  ])
  return { startedAt, tookMs: performance.timeOrigin + performance.now() - startedAt, isAccepted }
}

const until = (/** @type {number} */ at) =>
  new Promise((resolve) => setTimeout(resolve, Math.max(0, at - Date.now())))

export const bench = {
  ready: () => wired.then(() => true),

  /** @param {import('./peers/peer.js').Tokens} tokens */
  signIn: async (tokens) => (await wired).signIn(tokens),

  /** So many requests at one instant; how many were accepted. @param {{ at: number, times: number }} plan */
  async burst({ at, times }) {
    await until(at)
    const samples = await Promise.all(Array.from({ length: times }, () => sample()))
    return samples.filter(({ isAccepted }) => isAccepted).length
  },

  /** How long so many requests take, all together. @param {number} times */
  async time(times) {
    const startedAt = performance.now()
    const samples = await Promise.all(Array.from({ length: times }, () => sample()))
    return {
      tookMs: performance.now() - startedAt,
      accepted: samples.filter(({ isAccepted }) => isAccepted).length,
    }
  },

  /** So many requests on one signal that is never aborted. @param {number} times */
  async repeat(times) {
    const client = await wired
    for (let done = 0; done < times; done++) await client.get('/api/me', { signal: lasting.signal })
  },

  /** A busy user: a request every so often, for so long. @param {{ everyMs: number, forMs: number }} plan */
  async keepBusy({ everyMs, forMs }) {
    /** @type {Promise<Sample>[]} */
    const samples = []
    const timer = setInterval(() => samples.push(sample()), everyMs)
    await new Promise((resolve) => setTimeout(resolve, forMs))
    clearInterval(timer)
    return Promise.all(samples)
  },
}

Object.assign(globalThis, { bench })

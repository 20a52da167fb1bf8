// How fast what is too long or too tangled is refused: `node bench/limits.mjs`.
// A limit in bytes is worth something only when it is looked at before the work. Each case prints the median of its runs.
import { performance } from 'node:perf_hooks'
import { fromSource } from './from-source.mjs'

const limitMs = 5
const runs = 21

const entry = `
  export { checkTokens, readStoredTokens } from './src/core/tokens.js'
  export { isExpiryReply } from './src/http/challenge.js'
  export { createRefreshCall } from './src/http/refresh-call.js'
  export { judgeReply } from './src/http/refresh-reply.js'
  export { dpopErrorOf } from './src/servers/dpop/challenge.js'
`
const code = await fromSource(entry)
/** @type {any} The parsers themselves, without a session around them. */
const library = await import(`data:text/javascript;base64,${Buffer.from(code).toString('base64')}`)
const { checkTokens, readStoredTokens, isExpiryReply, dpopErrorOf, createRefreshCall, judgeReply } = library

/** @param {string} payload */
const jwt = (payload) => `eyJhbGciOiJub25lIn0.${Buffer.from(payload).toString('base64url')}.`
const nested = `{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}`
const record = { version: 1, session: 's', generation: 1, receivedAt: 1, expiresAt: null }
const kib = 1024

/** @param {unknown} accessToken */
const refuse = (accessToken) => {
  try {
    checkTokens({ accessToken })
  } catch (error) {
    return /** @type {Error} */ (error).message
  }
  throw new Error('taken')
}

const callRefresh = createRefreshCall({ url: 'https://api.example.com/refresh', send: () => ({}) }, Date.now)
const chunk = new Uint8Array(64 * kib).fill(32)

/** A refresh whose reply goes on for as long as somebody reads. */
async function refreshEndlessly() {
  globalThis.fetch = async () =>
    new Response(new ReadableStream({ pull: (controller) => controller.enqueue(chunk) }))
  const { error } = await callRefresh({ accessToken: 'a' }, new AbortController().signal)
  return error.message
}

/** @param {string} challenge */
const isExpiry = (challenge) => isExpiryReply({ status: 401, header: () => challenge })

const huge = {
  token: 'x'.repeat(16 * kib + 1),
  megabytes: jwt(JSON.stringify('x'.repeat(5_000_000))),
  nested: jwt(nested),
  fields: Object.fromEntries(Array.from({ length: 10_000 }, (_, index) => [`field${index}`, index])),
  realm: `Bearer error="invalid_token", realm="${'x'.repeat(80 * kib)}"`,
  parameters: `Bearer ${'a=b, '.repeat(20_000)}`,
  backslashes: `Bearer realm="${'\\'.repeat(30_000)}`,
  tangle: `Bearer ${'a="\\", '.repeat(1000)}`.slice(0, 8 * kib),
}

/** @type {[name: string, work: () => unknown][]} */
const cases = [
  ['a token of 16 KiB and 1 byte', () => refuse(huge.token)],
  ['a JWT of 5 MB', () => refuse(huge.megabytes)],
  ['a JWT nested 100,000 deep', () => refuse(huge.nested)],
  ['a stored token of 6 MB', () => readStoredTokens({ ...record, accessToken: huge.megabytes })],
  ['a reply of more than 1 MiB, as it arrives', refreshEndlessly],
  [
    'a reply of 10,000 fields',
    () => judgeReply({ status: 400, header: () => null, body: huge.fields }, {}, 0).kind,
  ],
  ['a challenge of 80 KiB', () => isExpiry(huge.realm)],
  ['a challenge of 20,000 parameters', () => isExpiry(huge.parameters)],
  ['a challenge of 30,000 backslashes', () => isExpiry(huge.backslashes)],
  ['a tangled challenge of 8 KiB', () => isExpiry(huge.tangle)],
  ['a tangled DPoP challenge of 8 KiB', () => dpopErrorOf(huge.tangle.replace('Bearer', 'DPoP'))],
]

let isTooSlow = false
for (const [name, work] of cases) {
  const times = []
  let outcome
  for (let run = 0; run < runs; run++) {
    const startedAt = performance.now()
    outcome = await work()
    times.push(performance.now() - startedAt)
  }
  const median = times.sort((a, b) => a - b)[runs >> 1] ?? 0
  isTooSlow ||= median >= limitMs
  console.log(`${median.toFixed(3).padStart(9)} ms  ${name}: ${outcome}`)
}
if (isTooSlow) {
  console.error(`slower than ${limitMs} ms`)
  process.exitCode = 1
}

import { createSession } from '../../dist/index.js'
import { headerPair } from '../../dist/servers.js'
import { guardFetch } from '../../dist/service-worker.js'
import { compare } from '../compare.mjs'
import { jwtOf } from '../server.mjs'
import { fixed, tableOf } from '../table.mjs'

const files = 'https://files.example.com'
const reply = new Response(null, { status: 200 })

/**
 * A worker in which requests happen as in a browser, without the browser's own work.
 *
 * @param {(scope: import('../../src/service-worker.js').WorkerScope) => void} listen
 */
function workerOf(listen) {
  /** @type {((event: Event) => void)[]} */
  const listeners = []
  listen({ addEventListener: (type, listener) => void (type === 'fetch' && listeners.push(listener)) })
  /** @param {Request} request */
  return async (request) => {
    /** @type {Promise<Response> | undefined} */
    let response
    /** @param {Promise<Response>} given */
    const respondWith = (given) => {
      response = given
    }
    const event = /** @type {unknown} */ ({ request, respondWith, waitUntil() {} })
    for (const listener of listeners) listener(/** @type {Event} */ (event))
    return response
  }
}

/** What a request costs in a worker that guards it, and in one that leaves it alone. The token is valid, nothing is sent. */
export async function measureServiceWorker() {
  const now = Date.now()
  const lifeMs = 86_400_000
  /** @type {unknown} */
  let stored = null
  const session = createSession({
    refresh: headerPair({ url: `${files}/auth/refresh` }),
    store: {
      read: () => /** @type {null} */ (stored),
      write(tokens) {
        stored = tokens
      },
    },
  })
  await session.setTokens({ accessToken: jwtOf(now, now + lifeMs), refreshToken: 'refresh' })
  const guarding = workerOf((scope) => guardFetch(scope, session, { allowedOrigins: [files] }))
  const passing = workerOf((scope) =>
    scope.addEventListener('fetch', (given) => {
      const event = /** @type {any} */ (given)
      event.respondWith(globalThis.fetch(event.request))
    }),
  )
  const ours = new Request(`${files}/a.png`, { mode: 'no-cors' })
  const others = new Request('https://app.example.com/app.css')
  const { fetch } = globalThis
  globalThis.fetch = async () => reply
  try {
    const rows = await compare({
      baseline: () => passing(ours),
      contenders: {
        'a worker that passes requests on, against itself': () => passing(ours),
        'guardFetch, a request that it leaves alone': () => guarding(others),
        'guardFetch, a request that gets the token': () => guarding(ours),
      },
      rounds: 31,
      callsPerTurn: 4000,
      seed: 1,
    })
    const table = tableOf(
      ['CPU per request over a worker that passes it on', 'more, µs'],
      rows.map(({ name, moreMicros }) => [name, fixed(moreMicros, 1)]),
    )
    return { tables: [table], summary: [] }
  } finally {
    globalThis.fetch = fetch
    session.dispose()
  }
}

// Runs inside a suite, before its tests: guards the default instance, every instance that is created, and what those create.
// It is bundled with the library's sources, of which some things are other here: every http(s) origin may have the token
// (test servers have random ports), relative URLs may have a page, the clock can be moved, the API can be made to refuse, and
// where it does, a refresh that did not help a route is not remembered.
import axios from 'axios'
import { withSession } from '../../src/axios.js'
import { createSession, memoryStore } from '../../src/index.js'
import { harness } from './harness.mjs'

/** @typedef {import('axios').AxiosInstance} Instance */

const mode = process.env.LATCHKEY_MODE ?? 'bare'
harness.refusesFirst = mode === 'replayed'
let last = 0
const tokens = () => ({ accessToken: `latchkey-${++last}`, refreshToken: 'refresh', expiresIn: 3600 })

const session = createSession({ refresh: async () => tokens(), store: memoryStore() })

/** @type {(instance: Instance) => Instance} */
function guard(instance) {
  const { create } = instance
  // The default instance is guarded before each test, since tests may clear its interceptors.
  withSession(instance, session)
  if (mode === 'held')
    instance.interceptors.request.use(undefined, undefined, { synchronous: true, runWhen: later })
  if (!wrapped.has(instance) && typeof create === 'function') {
    instance.create = (defaults) => guard(create.call(instance, defaults))
  }
  wrapped.add(instance)
  return instance
}

/** @type {WeakSet<Instance>} */
const wrapped = new WeakSet()

/** An hour goes by before each request, and with it the token. */
function later() {
  harness.passedMs += 3_600_001
  return false
}

if (mode !== 'bare') {
  session.on(({ type }) => {
    if (type === 'request-held') harness.count('held')
  })
  if (mode !== 'without tokens') void session.setTokens(tokens())
  const again = () => void guard(axios)
  again()
  const { beforeEach } = /** @type {{ beforeEach?: (each: () => void) => void }} */ (globalThis)
  if (beforeEach) beforeEach(again)
}

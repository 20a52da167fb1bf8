import { randomUUID } from 'node:crypto'
import { readCookie } from './cookies.mjs'

const name = 'demo_visitor'
const mostVisitors = 200

/** Each browser has a server of its own, as it were: settings, counters and sessions. The oldest makes room. */
export function createVisitors(createBackend) {
  const backends = new Map()

  return {
    of(request, response) {
      let id = readCookie(request, name)
      if (!id || !/^[\w-]{36}$/.test(id)) {
        id = randomUUID()
        response.cookie(name, id, { httpOnly: true, sameSite: 'strict' })
      }
      let backend = backends.get(id)
      if (!backend) {
        backend = createBackend(id)
        backends.set(id, backend)
        if (backends.size > mostVisitors) backends.delete(backends.keys().next().value)
      }
      return backend
    },
  }
}

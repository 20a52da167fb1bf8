import { isObject } from '../core/own-fields.js'
import { partOf } from '../http/reply.js'

type Fetch = typeof fetch

/** Where the replies of one client came from in the end. */
export interface ReplyUrls {
  /** The global `fetch`, as it is by then. */
  readonly fetch: Fetch
  /** The same for a `fetch` of the app's. */
  around(own: Fetch): Fetch
  /** By the `request` on the reply, which is that of XMLHttpRequest, of Node or of `fetch`. */
  of(request: unknown): unknown
}

/** Of the adapters of axios the one that uses `fetch` does not tell it: so its `fetch` does. */
export function createReplyUrls(): ReplyUrls {
  const urls = new WeakMap<object, string>()
  /** One for each, since axios makes an adapter for every `fetch` that it is given, and keeps it for good. */
  const made = new WeakMap<Fetch, Fetch>()

  const noting =
    (own: Fetch): Fetch =>
    async (input, init) => {
      const response = await own(input, init)
      if (isObject(input)) urls.set(input, response.url)
      return response
    }

  return {
    fetch: noting((input, init) => fetch(input, init)),
    around(own) {
      const known = made.get(own) ?? noting(own)
      made.set(own, known)
      return known
    },
    of: (request) =>
      partOf(request, 'responseURL') ||
      partOf(partOf(request, 'res'), 'responseUrl') ||
      urls.get(request as object),
  }
}

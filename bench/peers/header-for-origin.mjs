import { accepted } from './bare-fetch.mjs'

/** A header, where the URL leads to the app's own origin: the least that it takes to keep the token from others. @type {import('./peer.js').Peer} */
export default {
  name: 'fetch, header for one origin',
  wire({ origin, storage, fetch: send = (input, init) => fetch(input, init) }) {
    return {
      signIn: ({ accessToken }) => storage.setItem('access', accessToken),
      async get(path, options) {
        const url = new URL(path, origin)
        const headers = new Headers(options?.headers)
        if (url.origin === origin) headers.set('Authorization', `Bearer ${storage.getItem('access')}`)
        return accepted(await send(url.href, { ...options, headers }))
      },
    }
  },
}

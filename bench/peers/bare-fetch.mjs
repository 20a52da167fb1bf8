/** A wrapper of `fetch` that adds the header: what the others are compared with. @type {import('./peer.js').Peer} */
export default {
  name: 'fetch, header only',
  wire({ origin, storage, fetch: send = (input, init) => fetch(input, init) }) {
    return {
      signIn: ({ accessToken }) => storage.setItem('access', accessToken),
      async get(path, options) {
        const headers = new Headers(options?.headers)
        headers.set('Authorization', `Bearer ${storage.getItem('access')}`)
        return accepted(await send(origin + path, { ...options, headers }))
      },
    }
  },
}

/** @param {Response} response */
export function accepted(response) {
  if (!response.ok) throw new Error(String(response.status))
  return response
}

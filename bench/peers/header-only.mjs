import axios from 'axios'

/** A header from the app's storage and nothing else: it never refreshes, and is the limit where the token is valid. @type {import('./peer.js').Peer} */
export default {
  name: 'axios, header only',
  wire({ origin, adapter, storage }) {
    const api = axios.create({ baseURL: origin, ...(adapter && { adapter }) })
    api.interceptors.request.use((config) => {
      config.headers.Authorization = `Bearer ${storage.getItem('access')}`
      return config
    })
    return {
      signIn: ({ accessToken }) => storage.setItem('access', accessToken),
      get: (path, options) => api.get(path, options),
    }
  },
}

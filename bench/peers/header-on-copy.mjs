import axios from 'axios'

/**
 * A header on a copy of the config, for errors and logs show the app's own: the least that it takes to keep the token out
 * of them. @type {import('./peer.js').Peer}
 */
export default {
  name: 'axios, header on a copy of the config',
  wire({ origin, adapter, storage }) {
    const api = axios.create({ baseURL: origin, ...(adapter && { adapter }) })
    const send = axios.getAdapter(api.defaults.adapter)
    api.defaults.adapter = async (config) => {
      const copy = Object.create(configPrototype)
      for (const key of Object.keys(config)) copy[key] = config[/** @type {keyof typeof config} */ (key)]
      const { headers } = config
      copy.headers = Object.assign(Object.create(Object.getPrototypeOf(headers)), headers)
      copy.headers.Authorization = `Bearer ${storage.getItem('access')}`
      const response = await send(copy)
      response.config = config
      return response
    }
    return {
      signIn: ({ accessToken }) => storage.setItem('access', accessToken),
      get: (path, options) => api.get(path, options),
    }
  },
}

/** Axios's configs have nothing of `Object.prototype` but this. */
const configPrototype = Object.create(null, { hasOwnProperty: { value: Object.prototype.hasOwnProperty } })

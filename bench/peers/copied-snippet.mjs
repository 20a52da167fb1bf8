import axios from 'axios'
import { createPair } from './pair.mjs'

/** The `isRefreshing` and `failedQueue` of countless answers and posts, without their bugs of the first minute. @type {import('./peer.js').Peer} */
export default {
  name: 'copied isRefreshing queue',
  wire(place) {
    const pair = createPair(place)
    const api = axios.create({ baseURL: place.origin, ...(place.adapter && { adapter: place.adapter }) })
    let isRefreshing = false
    /** @type {{ resolve: (token: string) => void, reject: (error: unknown) => void }[]} */
    let failedQueue = []

    api.interceptors.request.use((config) => {
      config.headers.Authorization = `Bearer ${pair.accessToken()}`
      return config
    })
    api.interceptors.response.use(
      (response) => response,
      async (error) => {
        const { config, response } = error
        if (response?.status !== 401 || config._retry) throw error
        config._retry = true
        if (isRefreshing) {
          await new Promise((resolve, reject) => failedQueue.push({ resolve, reject }))
          return api(config)
        }
        isRefreshing = true
        try {
          const token = await pair.refresh()
          for (const { resolve } of failedQueue) resolve(token)
          return api(config)
        } catch (failure) {
          for (const { reject } of failedQueue) reject(failure)
          throw failure
        } finally {
          failedQueue = []
          isRefreshing = false
        }
      },
    )
    return { signIn: pair.keep, get: (path, options) => api.get(path, options) }
  },
}

import { AuthClient } from '@supabase/auth-js'
import axios from 'axios'

const storageKey = 'supabase'
/** It counts a token as expired so long before its expiry, and that cannot be set. */
const marginSeconds = 90

/** The session of each request from `getSession`, and `refreshSession` after a refusal. @type {import('./peer.js').Peer} */
export default {
  name: '@supabase/auth-js + interceptor',
  async wire({ origin, adapter, storage, aheadMs }) {
    /** Its margin moved, by a later expiry, to where the others have theirs. @param {import('./peer.js').Tokens} tokens */
    const moved = (tokens) => ({
      ...tokens,
      access_token: tokens.accessToken,
      refresh_token: tokens.refreshToken,
      token_type: 'bearer',
      user: { id: 'ada' },
      expires_at: tokens.expires_at + marginSeconds - aheadMs / 1000,
      expires_in: tokens.expires_in + marginSeconds - aheadMs / 1000,
    })
    const auth = new AuthClient({
      url: `${origin}/auth`,
      storage,
      storageKey,
      autoRefreshToken: true,
      persistSession: true,
      detectSessionInUrl: false,
      async fetch(input, init) {
        const response = await fetch(input, init)
        if (!response.ok) return response
        return new Response(JSON.stringify(moved(await response.json())), response)
      },
    })
    const api = axios.create({ baseURL: origin, ...(adapter && { adapter }) })
    api.interceptors.request.use(async (config) => {
      const { data } = await auth.getSession()
      config.headers.Authorization = `Bearer ${data.session?.access_token}`
      return config
    })
    api.interceptors.response.use(undefined, async (error) => {
      const { config, response } = error
      if (response?.status !== 401 || config.isRetried) throw error
      config.isRetried = true
      await auth.refreshSession()
      return api(config)
    })
    return {
      signIn: (tokens) => storage.setItem(storageKey, JSON.stringify(moved(tokens))),
      get: (path, options) => api.get(path, options),
      close: () => void auth.stopAutoRefresh(),
    }
  },
}

import axios from 'axios'
import { User, UserManager, WebStorageStateStore } from 'oidc-client-ts'

/** The user of each request from `getUser`, renewed ahead by `automaticSilentRenew`, and after a refusal. @type {import('./peer.js').Peer} */
export default {
  name: 'oidc-client-ts + interceptor',
  wire({ origin, adapter, storage, aheadMs }) {
    const manager = new UserManager({
      authority: origin,
      client_id: 'spa',
      redirect_uri: `${origin}/callback`,
      metadata: {
        issuer: origin,
        authorization_endpoint: `${origin}/authorize`,
        token_endpoint: `${origin}/auth/token`,
      },
      userStore: new WebStorageStateStore({ store: /** @type {Storage} */ (storage) }),
      stateStore: new WebStorageStateStore({ store: /** @type {Storage} */ (storage) }),
      automaticSilentRenew: aheadMs > 0,
      accessTokenExpiringNotificationTimeInSeconds: aheadMs / 1000,
    })
    /** It has no single flight of its own. @type {Promise<unknown> | undefined} */
    let renewing
    const renew = () => {
      renewing ??= manager.signinSilent().finally(() => {
        renewing = undefined
      })
      return renewing
    }
    const api = axios.create({ baseURL: origin, ...(adapter && { adapter }) })
    api.interceptors.request.use(async (config) => {
      let user = await manager.getUser()
      if (user?.expired) {
        await renew()
        user = await manager.getUser()
      }
      config.headers.Authorization = `Bearer ${user?.access_token}`
      return config
    })
    api.interceptors.response.use(undefined, async (error) => {
      const { config, response } = error
      if (response?.status !== 401 || config.isRetried) throw error
      config.isRetried = true
      await renew()
      return api(config)
    })
    return {
      async signIn({ accessToken, refreshToken, expires_at }) {
        const user = new User({
          access_token: accessToken,
          refresh_token: refreshToken,
          token_type: 'Bearer',
          expires_at: Math.floor(expires_at),
          profile: { sub: 'ada', iss: origin, aud: 'spa', exp: 0, iat: 0 },
        })
        await manager.storeUser(user)
        await manager.getUser()
      },
      get: (path, options) => api.get(path, options),
      close: () => manager.stopSilentRenew(),
    }
  },
}

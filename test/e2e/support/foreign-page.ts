// What runs in the tab whose API redirects to a stranger.
import axios, { isAxiosError } from 'axios'
import { withSession } from '../../../src/axios.js'
import { withSession as withFetch } from '../../../src/fetch.js'
import { createSession, memoryStore } from '../../../src/index.js'
import { springAuthorizationRefresh } from '../../../src/servers.js'

export type ClientName = 'xhr' | 'fetch' | 'fetch alone'

const session = createSession({
  refresh: springAuthorizationRefresh({ url: '/auth/reissue', tokensOnAnyReply: true }),
  store: memoryStore(),
})
const api = withSession(axios.create({ baseURL: location.origin }), session)
const guarded = withFetch(fetch, session)
const happened: string[] = []
session.on(({ type }) => happened.push(type))

const app = {
  ready: () => session.ready,

  async signIn(): Promise<void> {
    await session.setTokens({ accessToken: 'access-0', refreshToken: 'refresh-0' })
    happened.length = 0
  },

  keeps: () => session.getAccessToken(),

  async get(client: ClientName, path: string): Promise<number> {
    if (client === 'fetch alone') return (await guarded(path)).status
    try {
      return (await api.get(path, { adapter: client })).status
    } catch (error) {
      if (isAxiosError(error) && error.response) return error.response.status
      throw error
    }
  },

  happened: (): string[] => happened,
}

export type ForeignApp = typeof app

Object.assign(window, { app })

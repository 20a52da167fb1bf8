// user.ts, after
import axios from 'axios'
import { defineStore } from 'pinia'
import { computed } from 'vue'
import { withSession } from '../../../src/axios.js'
import { createSession } from '../../../src/index.js'
import { jsonRefresh } from '../../../src/servers.js'
import { useSession } from '../../../src/vue.js'

export const session = createSession({ refresh: jsonRefresh({ url: '/auth/refresh' }) })
export const api = withSession(axios.create({ baseURL: '/api' }), session)

export const useUserStore = defineStore('user', () => {
  const state = useSession(session)
  const isSignedIn = computed(() => state.value.status === 'signed-in')
  const userId = computed(() => (state.value.status === 'signed-in' ? state.value.claims?.sub : undefined))

  async function signIn(credentials: object) {
    await session.setTokens(await axios.post('/auth/sign-in', credentials))
  }

  return { isSignedIn, userId, signIn, signOut: () => session.signOut() }
})

/** Call it once, before the router starts. Delete the part after `ready` when nobody has the old tokens any more. */
export async function start(): Promise<void> {
  await session.ready
  const accessToken = localStorage.getItem('token')
  const refreshToken = localStorage.getItem('refresh')
  if (accessToken && refreshToken && session.state.status === 'signed-out') {
    await session.setTokens({ accessToken, refreshToken })
  }
  localStorage.removeItem('token')
  localStorage.removeItem('refresh')
}

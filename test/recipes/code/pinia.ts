import { defineStore } from 'pinia'
import { computed } from 'vue'
import type { Session } from '../../../src/index.js'
import { useSession } from '../../../src/vue.js'

/** `export const useAuthStore = createAuthStore(session)`, to replace a store that keeps the token. */
export const createAuthStore = (session: Session) =>
  defineStore('auth', () => {
    const state = useSession(session)
    const isSignedIn = computed(() => state.value.status === 'signed-in')
    const userId = computed(() => (state.value.status === 'signed-in' ? state.value.claims?.sub : undefined))
    return { isSignedIn, userId, signOut: () => session.signOut() }
  })

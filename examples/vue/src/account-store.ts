import { useSession } from 'latchkey/vue'
import { defineStore } from 'pinia'
import { computed, ref, watch } from 'vue'
import { api } from './session'

/** What the account page shows, of whoever is signed in. */
export const useAccount = defineStore('account', () => {
  const state = useSession()
  const user = computed(() => (state.value.status === 'signed-in' ? state.value.claims?.sub : undefined))
  const name = ref('')
  const orders = ref<string[]>([])
  const isLoading = ref(false)

  // What one user has fetched is nothing for the next.
  watch(user, () => {
    name.value = ''
    orders.value = []
  })

  /** The signal aborts the requests when nobody needs them any more, also while they wait for a new token. */
  async function load(signal: AbortSignal): Promise<void> {
    isLoading.value = true
    try {
      const [profile, list] = await Promise.all([
        api.get<{ name: string }>('/api/profile', { signal }),
        api.get<string[]>('/api/orders', { signal }),
      ])
      name.value = profile.data.name
      orders.value = list.data
    } catch (error) {
      if (!signal.aborted) throw error
    } finally {
      isLoading.value = false
    }
  }

  return { state, user, name, orders, isLoading, load }
})

// user.ts, before
import axios from 'axios'
import { jwtDecode } from 'jwt-decode'
import { defineStore } from 'pinia'

interface Tokens {
  accessToken: string
  refreshToken: string
}

export const useUserStore = defineStore('user', {
  state: () => ({
    accessToken: localStorage.getItem('token') ?? '',
    refreshToken: localStorage.getItem('refresh') ?? '',
  }),
  getters: {
    isSignedIn: ({ accessToken }) => accessToken !== '',
    userId: ({ accessToken }) => (accessToken ? jwtDecode(accessToken).sub : undefined),
  },
  actions: {
    keep({ accessToken, refreshToken }: Tokens) {
      this.accessToken = accessToken
      this.refreshToken = refreshToken
      localStorage.setItem('token', accessToken)
      localStorage.setItem('refresh', refreshToken)
    },
    async signIn(credentials: object) {
      const { data } = await axios.post<Tokens>('/auth/sign-in', credentials)
      this.keep(data)
    },
    async refresh() {
      const { data } = await axios.post<Tokens>('/auth/refresh', { refreshToken: this.refreshToken })
      this.keep(data)
    },
    signOut() {
      localStorage.removeItem('token')
      localStorage.removeItem('refresh')
      this.$reset()
    },
  },
})

export const api = axios.create({ baseURL: '/api' })
api.interceptors.request.use((config) => {
  const { accessToken } = useUserStore()
  if (accessToken) config.headers.Authorization = `Bearer ${accessToken}`
  return config
})

let isRefreshing = false
let requests: (() => void)[] = []
api.interceptors.response.use(undefined, async (error) => {
  const user = useUserStore()
  if (error.response?.status !== 401 || error.config._retry) throw error
  error.config._retry = true
  if (isRefreshing) {
    return new Promise<void>((resolve) => requests.push(resolve)).then(() => api(error.config))
  }
  isRefreshing = true
  try {
    await user.refresh()
    for (const resolve of requests) resolve()
    return api(error.config)
  } catch (failure) {
    user.signOut()
    throw failure
  } finally {
    requests = []
    isRefreshing = false
  }
})

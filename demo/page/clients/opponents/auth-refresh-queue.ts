import axios, { type AxiosError, type AxiosInstance } from 'axios'
import { applyAuthTokenInterceptor } from 'axios-auth-refresh-queue'
import { jwtDecode } from 'jwt-decode'

/** The set-up of its README, with the lock between tabs. */
export function addInterceptors(api: AxiosInstance, refreshUrl: string, storage: Storage): void {
  // The README's check asks the clock alone. This one also knows a token that the server has refused before its time.
  let refused = ''
  api.interceptors.response.use(undefined, (error: AxiosError) => {
    if (error.response?.status === 401) refused = String(error.config?.headers.Authorization)
    return Promise.reject(error)
  })

  applyAuthTokenInterceptor(api, {
    headerTokenHandler(request) {
      request.headers.Authorization = `Bearer ${storage.getItem('accessToken')}`
    },
    getRefreshToken: () => storage.getItem('refreshToken'),
    async requestRefresh(refreshToken) {
      const { data } = await axios.post(refreshUrl, null, {
        headers: { Authorization: `Bearer ${storage.getItem('accessToken')}`, Refresh: refreshToken },
      })
      return { accessToken: data.accessToken, refreshToken: data.refreshToken }
    },
    onSuccess(tokens) {
      storage.setItem('accessToken', tokens.accessToken)
      if (tokens.refreshToken) storage.setItem('refreshToken', tokens.refreshToken)
    },
    onFailure() {
      storage.clear()
    },
    checkTokenIsValid() {
      const token = storage.getItem('accessToken')
      if (!token || refused === `Bearer ${token}`) return null
      return (jwtDecode(token).exp ?? 0) * 1000 > Date.now() ? token : null
    },
  })
}

import axios, { type AxiosInstance } from 'axios'

interface Waiting {
  resolve(token: string): void
  reject(error: unknown): void
}

export function addInterceptors(api: AxiosInstance, refreshUrl: string, storage: Storage): void {
  let isRefreshing = false
  let failedQueue: Waiting[] = []

  function processQueue(error: unknown, token = ''): void {
    for (const { resolve, reject } of failedQueue) {
      if (error) reject(error)
      else resolve(token)
    }
    failedQueue = []
  }

  api.interceptors.request.use((config) => {
    config.headers.Authorization = `Bearer ${storage.getItem('accessToken')}`
    return config
  })

  api.interceptors.response.use(
    (response) => response,
    async (error) => {
      const originalRequest = error.config
      if (error.response?.status !== 401 || originalRequest._retry) return Promise.reject(error)
      originalRequest._retry = true

      if (isRefreshing) {
        await new Promise<string>((resolve, reject) => failedQueue.push({ resolve, reject }))
        return api(originalRequest)
      }

      isRefreshing = true
      try {
        const { data } = await axios.post(refreshUrl, null, {
          headers: {
            Authorization: `Bearer ${storage.getItem('accessToken')}`,
            Refresh: storage.getItem('refreshToken'),
          },
        })
        storage.setItem('accessToken', data.accessToken)
        storage.setItem('refreshToken', data.refreshToken)
        processQueue(null, data.accessToken)
        return api(originalRequest)
      } catch (refreshError) {
        processQueue(refreshError)
        storage.removeItem('accessToken')
        storage.removeItem('refreshToken')
        return Promise.reject(refreshError)
      } finally {
        isRefreshing = false
      }
    },
  )
}

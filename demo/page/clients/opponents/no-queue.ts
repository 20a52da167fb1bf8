import axios, { type AxiosInstance } from 'axios'

export function addInterceptors(api: AxiosInstance, refreshUrl: string, storage: Storage): void {
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
      try {
        const { data } = await axios.post(refreshUrl, null, {
          headers: {
            Authorization: `Bearer ${storage.getItem('accessToken')}`,
            Refresh: storage.getItem('refreshToken'),
          },
        })
        storage.setItem('accessToken', data.accessToken)
        storage.setItem('refreshToken', data.refreshToken)
        return api(originalRequest)
      } catch (refreshError) {
        storage.removeItem('accessToken')
        storage.removeItem('refreshToken')
        return Promise.reject(refreshError)
      }
    },
  )
}

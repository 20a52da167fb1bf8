import axios, { type AxiosInstance } from 'axios'

export function addCopiedInterceptor(api: AxiosInstance, refreshUrl: string): void {
  api.interceptors.request.use((config) => {
    config.headers.Authorization = `Bearer ${localStorage.getItem('accessToken')}`
    return config
  })

  api.interceptors.response.use(
    (response) => response,
    async (error) => {
      const original = error.config
      if (error.response?.status !== 401 || original._retry) return Promise.reject(error)
      original._retry = true
      try {
        const { data } = await axios.post(refreshUrl, null, {
          adapter: 'fetch',
          headers: {
            Authorization: `Bearer ${localStorage.getItem('accessToken')}`,
            Refresh: localStorage.getItem('refreshToken'),
          },
        })
        localStorage.setItem('accessToken', data.accessToken)
        localStorage.setItem('refreshToken', data.refreshToken)
        return api(original)
      } catch (refreshError) {
        localStorage.removeItem('accessToken')
        localStorage.removeItem('refreshToken')
        return Promise.reject(refreshError)
      }
    },
  )
}

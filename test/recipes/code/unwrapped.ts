import axios, { type AxiosRequestConfig } from 'axios'
import { withSession } from '../../../src/axios.js'
import type { Session } from '../../../src/index.js'

/** How the API wraps its replies. */
interface Envelope<T> {
  code: number
  message: string
  data: T
}

/** A wrapper whose calls resolve with the content of the envelope, and reject with its message. */
export function createHttp(session: Session, baseURL: string) {
  const api = withSession(axios.create({ baseURL }), session)
  api.interceptors.response.use(({ data }) => {
    const { code, message, data: content } = data as Envelope<never>
    if (code !== 200) throw new Error(message)
    return content
  })
  return {
    async get<T>(url: string, config?: AxiosRequestConfig): Promise<T> {
      const content: unknown = await api.get(url, config)
      return content as T
    },
    async post<T>(url: string, data?: unknown, config?: AxiosRequestConfig): Promise<T> {
      const content: unknown = await api.post(url, data, config)
      return content as T
    },
  }
}

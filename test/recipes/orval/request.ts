import type { AxiosInstance, AxiosRequestConfig } from 'axios'

let api: AxiosInstance

/** What the test guards, in place of the app's own module. */
export function useInstance(guarded: AxiosInstance): void {
  api = guarded
}

/** The mutator, as the guide has it. */
export const request = <T>(config: AxiosRequestConfig, options?: AxiosRequestConfig): Promise<T> =>
  api.request<T>({ ...config, ...options }).then(({ data }) => data)

import type { AxiosInstance } from 'axios'
import { attach, shouldRetryRequest } from 'retry-axios'
import { shouldRetry } from '../../../src/index.js'

/** The default rule of retry-axios, but requests whose session has ended fail at once. */
export function retryByStatus(api: AxiosInstance): void {
  api.defaults.raxConfig = {
    ...api.defaults.raxConfig,
    shouldRetry: (error) => shouldRetryRequest(error) && shouldRetry(0, error),
  }
  attach(api)
}

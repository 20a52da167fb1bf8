import type { AxiosInstance } from 'axios'
import { attach, shouldRetryRequest } from 'retry-axios'
import { shouldRetry } from '../../../src/index.js'

/** What retry-axios counts as worth another try, but for requests whose session has ended: at once. */
export function retryByStatus(api: AxiosInstance): void {
  api.defaults.raxConfig = {
    ...api.defaults.raxConfig,
    shouldRetry: (error) => shouldRetryRequest(error) && shouldRetry(0, error),
  }
  attach(api)
}

import type { AxiosInstance } from 'axios'
import axiosRetry, { isNetworkOrIdempotentRequestError } from 'axios-retry'
import { shouldRetry } from '../../../src/index.js'

/** What axios-retry counts as worth another try, but for requests whose session has ended or changed: at once. */
export function retry(api: AxiosInstance): void {
  axiosRetry(api, {
    retryCondition: (error) => isNetworkOrIdempotentRequestError(error) && shouldRetry(0, error),
  })
}

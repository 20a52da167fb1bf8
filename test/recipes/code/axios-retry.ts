import type { AxiosInstance } from 'axios'
import axiosRetry, { isNetworkOrIdempotentRequestError } from 'axios-retry'
import { shouldRetry } from '../../../src/index.js'

/** The default rule of axios-retry, but requests whose session has ended or changed fail at once. */
export function retry(api: AxiosInstance): void {
  axiosRetry(api, {
    retryCondition: (error) => isNetworkOrIdempotentRequestError(error) && shouldRetry(0, error),
  })
}

import type { Axios, AxiosResponse } from 'axios'
import type { withSession } from '../../src/fetch.js'
import { leakWatch } from './leak-watch.js'

/** Looks at the errors and the configs that callers of axios get, of every instance that is made from now on. */
export function watchRequests({ prototype }: typeof Axios): void {
  const request = prototype.request as (this: Axios, ...given: unknown[]) => Promise<AxiosResponse>
  function watched(this: Axios, ...given: unknown[]): Promise<AxiosResponse> {
    return request.apply(this, given).then(
      (response) => {
        leakWatch.saw('the config of a response', response?.config, [given, this.defaults])
        return response
      },
      (error) => {
        leakWatch.searched('the error of a request', error, [given, this.defaults])
        throw error
      },
    )
  }
  Object.assign(prototype, { request: watched })
}

/** Looks at the errors that callers of a guarded fetch get. */
export const watchFetch =
  (guard: typeof withSession): typeof withSession =>
  (...parts) => {
    const fetch = guard(...parts)
    return (...given) =>
      fetch(...given).catch((error) => {
        leakWatch.searched('the error of a fetch', error, given)
        throw error
      })
  }

import type { Axios, AxiosResponse } from 'axios'
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

import type { Fetch } from '../../../src/fetch.js'

const baseUrl = 'http://app.test/api'
let api: Fetch
let lastResponse: Response | undefined

/** What the test guards, in place of the app's own module. */
export function useFetch(guarded: Fetch): void {
  api = guarded
  lastResponse = undefined
}

export const responseOfLastCall = (): Response => lastResponse as Response

/** The mutator, as the app writes it once. */
export const customFetch = async <T>(url: string, options: RequestInit): Promise<T> => {
  const response = await api(baseUrl + url, options)
  lastResponse = response
  const body = [204, 205, 304].includes(response.status) ? null : await response.text()
  const data = body ? JSON.parse(body) : {}
  return { data, status: response.status, headers: response.headers } as T
}

/** A stream can be read once only: a second sending would be empty, or hang. */
export function isOneTimeBody(body: unknown): boolean {
  const { pipe, getReader, [Symbol.asyncIterator]: iterate } = Object(body)
  return [pipe, getReader, iterate].some((method) => typeof method === 'function')
}

/** Whether a token is in the query. No request carries two (RFC 6750 section 2). */
export const hasTokenInUrl = (url: string): boolean => /[?&]access_token=/.test(url)

/** Whether `text` is in one of the values that can be read without taking them apart. */
export const mentions = (values: readonly unknown[], text: string): boolean =>
  values.some((value) => typeof value === 'string' && value.includes(text))

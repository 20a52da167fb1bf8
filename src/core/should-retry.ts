import { isAuthError } from './errors.js'

const mostRetries = 3
/** 4xx, but for those that time may cure: RFC 9110 section 15.5.9, RFC 8470 section 5.2, RFC 6585 section 4. */
const isFinal = (status: unknown): boolean =>
  typeof status === 'number' && status >= 400 && status < 500 && ![408, 425, 429].includes(status)

/**
 * Whether a failed query may be tried again: not after the end of the session or a final answer of the server, else three
 * times. For TanStack Query's `retry`, which calls it so; for SWR, `shouldRetryOnError: (error) => shouldRetry(0, error)`.
 *
 * @param failureCount how often it has been tried again already
 */
export function shouldRetry(failureCount: number, error: unknown): boolean {
  if (failureCount >= mostRetries) return false
  const { cause, response, status } = Object(error)
  for (const reason of [error, cause]) if (isAuthError(reason)) return reason.retryable
  return !isFinal(response?.status ?? status)
}

import { QueryClient, queryOptions } from '@tanstack/react-query'
import type { SWRConfiguration } from 'swr'
import { shouldRetry } from '../../src/index.js'

// It fits as it is.
new QueryClient({ defaultOptions: { queries: { retry: shouldRetry }, mutations: { retry: shouldRetry } } })
queryOptions({ queryKey: ['me'], retry: shouldRetry })
export const swr: SWRConfiguration = { shouldRetryOnError: (error) => shouldRetry(0, error) }

import type { GuardFetchOptions } from '../service-worker/guard-fetch.js'
import { aFunction, checkOptions, origins, yesOrNo } from './check-options.js'

/** Throws a `TypeError` for an option of `guardFetch` that cannot be meant. */
export function checkGuardOptions(options: GuardFetchOptions): void {
  checkOptions('guardFetch', options, { allowedOrigins: origins, navigate: yesOrNo, include: aFunction })
}

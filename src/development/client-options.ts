import { checkOptions, origins } from './check-options.js'

/** Throws a `TypeError` for an option of `withSession` that cannot be meant. */
export function checkClientOptions(options: object): void {
  checkOptions('withSession', options as { allowedOrigins?: unknown }, { allowedOrigins: origins })
}

import type { Reply } from './reply.js'

const longestHeader = 8192
/**
 * The error of a Bearer challenge (RFC 6750 section 3). Quoted strings are skipped whole, so that what other schemes or
 * descriptions quote is not taken for a challenge.
 */
const bearerError =
  /^(?:(?:[^"]|"(?:[^"\\]|\\.)*")*?,)?\s*bearer\s(?:[^",]|"(?:[^"\\]|\\.)*"|,(?!\s*[\w-]+\s+[\w-]+\s*=))*?\berror\s*=\s*"?([\w-]+)/i

/** Errors that no new token cures (RFC 6750 section 3.1). */
const lastingErrors = ['insufficient_scope', 'invalid_request']

/** Whether a reply to a request that carried our token says that the token is no longer good: a 401 without a lasting error. */
export function isExpiryReply({ status, header }: Reply): boolean {
  if (status !== 401) return false
  const challenge = header('WWW-Authenticate') ?? ''
  const error = challenge.length > longestHeader ? undefined : bearerError.exec(challenge)?.[1]
  return !lastingErrors.includes(error ?? '')
}

import type { Reply } from './reply.js'

const longestHeader = 8192
/** What is quoted, up to its first character that is not of a word: so no challenge or comma is found in it. */
const quoted = /"([\w-]*)(?:[^"\\]|\\.)*"?/g

/** The error of a Bearer challenge (RFC 6750 section 3). In a time that is linear in its length. */
function bearerErrorOf(challenges: string): string | undefined {
  let isBearer = false
  for (const part of challenges.replace(quoted, '"$1"').split(',')) {
    const scheme = /^\s*([\w-]+)\s+[^\s=]/.exec(part)?.[1]
    if (scheme) isBearer = /^bearer$/i.test(scheme)
    const error = isBearer ? /\berror\s*=\s*"?([\w-]+)/i.exec(part) : null
    if (error) return error[1]
  }
  return undefined
}

/** Errors that no new token cures (RFC 6750 section 3.1). */
const lastingErrors = ['insufficient_scope', 'invalid_request']

/** Whether a reply to a request that carried our token says that the token is no longer good: a 401 without a lasting error. */
export function isExpiryReply({ status, header }: Reply): boolean {
  if (status !== 401) return false
  const challenge = header('WWW-Authenticate') ?? ''
  const error = challenge.length > longestHeader ? undefined : bearerErrorOf(challenge)
  return !lastingErrors.includes(error ?? '')
}

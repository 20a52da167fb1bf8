import type { Reply } from '../http/reply.js'
import { fieldNamesOf } from './field-names.js'

/** What a person needs to mend the set-up: never a value, since it may be a token, nor a name that may be one. */
export function describeReply({ status, header, body }: Reply): string {
  const fields = fieldNamesOf(body)
  const type = /^[\w.+/-]{1,60}/.exec(header('Content-Type') ?? '')?.[0] ?? 'no content type'
  return `status ${status}, ${type}, ${fields ? `fields: ${fields}` : 'no JSON object'}`
}

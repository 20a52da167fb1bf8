import { fieldOf, isObject } from '../core/own-fields.js'
import type { Reply } from '../http/reply.js'

/** Names of fields, and those in objects among them after a dot. */
const fieldsOf = (body: unknown, depth = 1): string[] =>
  isObject(body) && !Array.isArray(body)
    ? Object.keys(body)
        .filter((name) => /^\w{1,30}$/.test(name))
        .flatMap((name) => {
          const inner = depth ? fieldsOf(fieldOf(body, name), 0) : []
          return inner.length ? inner.map((each) => `${name}.${each}`) : name
        })
    : []

/** What a person needs to mend the set-up: never a value, since it may be a token. */
export function describeReply({ status, header, body }: Reply): string {
  const fields = fieldsOf(body).slice(0, 20).join(', ')
  const type = /^[\w.+/-]{1,60}/.exec(header('Content-Type') ?? '')?.[0] ?? 'no content type'
  return `status ${status}, ${type}, ${fields ? `fields: ${fields}` : 'no JSON object'}`
}

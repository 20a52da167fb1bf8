import { fieldNamesOf } from './field-names.js'

/**
 * What is wrong with a field of a token set. Never holds its value.
 *
 * @param given what should have been a token set
 */
export function problemWithToken(name: string, value: unknown, longest: number, given: unknown): string {
  if (name === 'expiresIn') return 'expiresIn must be a number of seconds'
  if (typeof value !== 'string')
    return `${name} is ${value === null ? 'null' : typeof value}; it must be a string${alternatives(name, value, given)}`
  if (value.length > longest) return `${name} is longer than ${longest} characters`
  if (/^(undefined|null)$/.test(value)) return `${name} is the word "${value}"`
  return `${name} has characters that no token has. Pass the bare token, without "Bearer " and without quotes`
}

/** An access token that is absent may be there by another name. */
function alternatives(name: string, value: unknown, given: unknown): string {
  const fields = name === 'accessToken' && value === undefined ? fieldNamesOf(given) : ''
  return fields ? `. You passed these fields: ${fields}` : ''
}

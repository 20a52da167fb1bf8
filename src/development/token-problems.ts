/** What is wrong with a field of a token set. Never holds its value. */
export function problemWithToken(name: string, value: unknown, longest: number): string {
  if (name === 'expiresIn') return 'expiresIn must be a number of seconds'
  if (typeof value !== 'string')
    return `${name} is ${value === null ? 'null' : typeof value}; it must be a string`
  if (value.length > longest) return `${name} is longer than ${longest} characters`
  if (/^(undefined|null)$/.test(value)) return `${name} is the word "${value}"`
  return `${name} has characters that no token has; give the bare token, without "Bearer " or quotes`
}

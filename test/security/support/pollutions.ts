const foreign = 'https://foreign.example/'

/** What a careless merge of JSON may leave under a name. */
const values: Record<string, unknown> = {
  'a URL': foreign,
  tokens: {
    accessToken: 'MINE',
    refreshToken: 'MINE2',
    status: 401,
    data: { accessToken: 'MINE', refreshToken: 'MINE2' },
  },
  'a number': 401,
}

/** Fields that make a whole of each other. */
const together: Record<string, unknown>[] = [
  { status: 200, data: { accessToken: 'MINE', refreshToken: 'MINE2' } },
  { status: 200, ok: true, headers: { authorization: 'Bearer MINE' } },
  { status: 401, response: { status: 401, data: { error: 'invalid_grant' } } },
  { accessToken: 'MINE', refreshToken: 'MINE2', expiresIn: 900 },
  { access_token: 'MINE', refresh_token: 'MINE2', token_type: 'Bearer' },
  { request: foreign, address: foreign, url: foreign },
  { url: foreign, baseURL: foreign, allowAbsoluteUrls: false },
  { session: 'MINE', owner: 'MINE', generation: 9 },
  { name: 'AuthError', code: 'SESSION_EXPIRED', retryable: false },
  { allowedOrigins: ['https://foreign.example'], refreshUrl: `${foreign}refresh` },
  { latchkey: { attach: true, refresh: true, session: 'MINE' } },
  { 'X-HTTP-Method-Override': 'DELETE', 'not a header name': 'MINE' },
]

export interface Pollution {
  what: string
  fields: Record<string, unknown>
}

const atOnce = 12

/** Each name with each value, and the fields that belong together; in lists of what can be tried at once. */
export function pollutions(names: readonly string[]): Pollution[][] {
  const lists: Pollution[][] = []
  for (const [kind, value] of Object.entries(values)) {
    const each = names.map((name) => ({ what: `${name}: ${kind}`, fields: { [name]: value } }))
    for (let from = 0; from < each.length; from += atOnce) lists.push(each.slice(from, from + atOnce))
  }
  return [...lists, ...together.map((fields) => [{ what: Object.keys(fields).join(', '), fields }])]
}

import fc from 'fast-check'
import { hostileUrls } from '../../fuzz/support/hostile-urls.js'

/** One request: what the app's client is made with, and what the call says. */
export interface WireCase {
  id: number
  /** The base URL of the client. */
  ownBase: string | undefined
  url: string
  /** A base URL of the call itself. */
  baseURL?: string
  allowAbsoluteUrls?: boolean
}

/** Characters by which parsers of URLs come to differ. */
const oddCharacters = [
  ...'/\\@:#?.%[]&=',
  ...'\t\n\r\0 \u00ad\u3002\uff0f',
  '//',
  '/\\',
  '%2f',
  '%00',
  '..',
  'evil.com',
]

/** The same requests for the same seed, half of them from the list, or nearly so. */
export function wireCases(count: number, seed: number, alsoAllowed: string): WireCase[] {
  // Over TLS nothing would arrive anywhere.
  const urls = hostileUrls.map((url) => url.replace(/^https/i, 'http'))
  const listed = fc.constantFrom(...urls, `${alsoAllowed}/x`, '/to-evil', 'http://evil.com/to-api')
  const odd = fc.constantFrom(...oddCharacters)
  const bent = fc
    .tuple(listed, fc.array(fc.tuple(fc.nat(30), odd), { minLength: 1, maxLength: 3 }))
    .map(([url, edits]) =>
      edits.reduce((text, [at, piece]) => text.slice(0, at) + piece + text.slice(at), url),
    )
  const host = fc.constantFrom(
    'api.example.com',
    'evil.com',
    'API.example.com',
    'api.example.com.evil.com',
    'evilapi.example.com',
  )
  const composed = fc
    .tuple(
      fc.constantFrom('http:', 'http://', '//', '/\\', '\\\\', '', 'HTTP://'),
      fc.oneof(odd, fc.constant('')),
      host,
      fc.oneof(odd, fc.constant('')),
      fc.webPath(),
    )
    .map((parts) => parts.join(''))
  const url = fc.oneof(
    { weight: 3, arbitrary: listed },
    { weight: 3, arbitrary: bent },
    { weight: 1, arbitrary: fc.constant(`${alsoAllowed}/x`) },
    { weight: 3, arbitrary: composed },
    fc.string({ unit: 'binary' }),
  )
  const wireCase = fc.record(
    {
      ownBase: fc.constantFrom(
        undefined,
        '',
        '/',
        '/v1',
        'http://api.example.com',
        'http://api.example.com/v1/',
      ),
      url,
      baseURL: fc.oneof(
        fc.constantFrom('/', '', '//', 'http:///', 'http://evil.com', '//evil.com', '/\\evil.com'),
        url,
      ),
      allowAbsoluteUrls: fc.boolean(),
    },
    { requiredKeys: ['ownBase', 'url'] },
  )
  return fc.sample(wireCase, { numRuns: count, seed }).map((one, id) => ({ id, ...one }))
}

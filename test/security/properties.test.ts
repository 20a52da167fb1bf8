// @vitest-environment node
import axios from 'axios'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { expiryOf, refreshDueAt } from '../../src/core/expiry.js'
import { readClaims } from '../../src/core/jwt.js'
import { checkTokens, readStoredTokens } from '../../src/core/tokens.js'
import { isExpiryReply } from '../../src/http/challenge.js'
import { checkOrigins, createOriginPolicy } from '../../src/http/origin-policy.js'
import { judgeReply } from '../../src/http/refresh-reply.js'
import { parseJson } from '../../src/http/reply.js'
import { dpopErrorOf } from '../../src/servers/dpop/challenge.js'
import { isLong } from '../support/is-long.js'
import { storedRecord } from '../support/stored-record.js'

const runs = { seed: 20_300_101, numRuns: isLong ? 20_000 : 500 }

/** Runs the property, and looks whether it left something on the prototypes. */
function holds<T>(arbitrary: fc.Arbitrary<T>, claim: (value: T) => void): void {
  const before = [Object, Array, Function].map(({ prototype }) => Reflect.ownKeys(prototype).length)
  fc.assert(fc.property(arbitrary, claim), runs)
  expect([Object, Array, Function].map(({ prototype }) => Reflect.ownKeys(prototype).length)).toEqual(before)
}

/** Anything at all, with the names that the parsers look for now and then. */
const names = [
  'accessToken',
  'access_token',
  'refreshToken',
  'refresh_token',
  'expiresIn',
  'expires_in',
  'token_type',
]
const anything = fc.anything({
  key: fc.oneof(
    fc.constantFrom(
      ...names,
      'data',
      'error',
      'message',
      '__proto__',
      'constructor',
      'version',
      'exp',
      'iat',
    ),
    fc.string(),
  ),
  maxDepth: 3,
  withNullPrototype: true,
  withDate: true,
  withMap: true,
})
const json = fc.jsonValue({ maxDepth: 4 }).map((value) => JSON.stringify(value))
const mixed = (...alphabet: string[]): fc.Arbitrary<string> =>
  fc
    .array(fc.oneof(fc.constantFrom(...alphabet), fc.string({ maxLength: 3 })), { maxLength: 30 })
    .map((parts) => parts.join(''))

describe('the URL policy', () => {
  const page = 'https://app.example.com/p/'
  const urls = mixed(
    ...[
      'https:',
      'http:',
      'HTTPS:',
      'blob:',
      'data:',
      'javascript:',
      '//',
      '/',
      '\\',
      '@',
      ':',
      '?',
      '#',
      '.',
      '..',
      '%2e',
      '%00',
    ],
    ...[
      'evil.com',
      'api.example.com',
      'app.example.com',
      'localhost',
      '127.0.0.1',
      '[::1]',
      ':443',
      ':80',
      'user',
      '\t',
      '\n',
      ' ',
      '。',
      '\u00ad',
    ],
  )
  const policy = createOriginPolicy(['https://api.example.com'], () => page)
  const allowed = ['https://api.example.com', 'https://app.example.com']

  test('lets the token go to an allowed origin alone, for any URL and base', () => {
    holds(
      fc.tuple(urls, fc.option(fc.constantFrom('/', '/v1', 'https://api.example.com', '//', 'https://'))),
      ([url, base]) => {
        let final: string
        try {
          final = axios.getUri({ url, ...(base === null ? {} : { baseURL: base }) })
        } catch {
          return // axios does not send it
        }
        const verdict = policy(final, base ?? undefined)
        if (verdict !== 'ours') return
        const { origin, username, password, protocol } = new URL(final, page)
        expect(allowed).toContain(origin)
        expect([username, password, protocol]).toEqual(['', '', 'https:'])
      },
    )
  })

  test('never throws, whatever the base of the client or the page', () => {
    const where = fc.oneof(fc.constantFrom(undefined, 'about:blank', 'https://app.example.com/'), fc.webUrl())
    holds(fc.tuple(urls, fc.option(urls, { nil: undefined }), where), ([url, own, at]) => {
      const verdict = createOriginPolicy([], () => at)(url, own)
      expect(['ours', 'foreign', 'unsafe']).toContain(verdict)
    })
  })

  test('takes as an origin what is one, and refuses the rest with a TypeError', () => {
    holds(fc.oneof(urls, fc.webUrl(), anything), (origin) => {
      try {
        const [taken] = checkOrigins([origin], page)
        expect(new URL(String(taken)).origin).toBe(origin)
      } catch (error) {
        expect(error).toBeInstanceOf(TypeError)
      }
    })
  })
})

describe('the reader of challenges', () => {
  const challenges = mixed(
    ...[
      'Bearer',
      'bearer',
      'Basic',
      'DPoP',
      'Negotiate',
      ' ',
      ',',
      '=',
      '"',
      '\\',
      '\t',
      ';',
      'error',
      'realm',
      'YII=',
    ],
    ...['error="invalid_token"', 'error=insufficient_scope', 'realm="a, b"', '\\"', '\u0000', 'ä'],
  )

  test('never throws', () => {
    holds(fc.oneof(challenges, fc.string(), fc.string({ minLength: 8000, maxLength: 9000 })), (header) => {
      expect(['string', 'undefined']).toContain(typeof dpopErrorOf(header))
      expect(typeof isExpiryReply({ status: 401, header: () => header })).toBe('boolean')
    })
  })

  test('finds the error that was written, whatever stands before it', () => {
    const value = fc.string({ unit: fc.constantFrom(...'azAZ09_-.!~ ",;=\\'), minLength: 1 })
    const quoted = (text: string): string => `"${text.replace(/["\\]/g, '\\$&')}"`
    holds(fc.tuple(value, value), ([realm, error]) => {
      const header = `Basic realm=${quoted(realm)}, DPoP realm=${quoted(realm)}, error=${quoted(error)}`
      expect(dpopErrorOf(header)).toBe(error)
    })
  })

  test('finds the lasting error of a Bearer challenge, whatever stands before it', () => {
    const value = fc.string({ unit: fc.constantFrom(...'azAZ09_-.!~ ",;=\\'), minLength: 1 })
    const quoted = (text: string): string => `"${text.replace(/["\\]/g, '\\$&')}"`
    holds(
      fc.tuple(value, fc.constantFrom('insufficient_scope', 'invalid_request', 'invalid_token')),
      ([realm, error]) => {
        const header = `Basic realm=${quoted(realm)}, Bearer realm=${quoted(realm)}, error="${error}"`
        expect(isExpiryReply({ status: 401, header: () => header })).toBe(error === 'invalid_token')
      },
    )
  })
})

describe('the reader of refresh replies', () => {
  const replies = fc.oneof(
    json.map(parseJson),
    anything,
    fc.record({ accessToken: anything, refreshToken: anything, expiresIn: anything }),
    fc.record({ data: fc.record({ access_token: fc.string(), refresh_token: fc.string() }) }),
  )
  const kinds = ['refreshed', 'ended', 'not-due', 'retry', 'misconfigured']

  test('comes to a verdict for any reply, and takes no token that is none', () => {
    holds(fc.tuple(fc.integer({ min: 0, max: 999 }), replies, fc.string()), ([status, body, header]) => {
      const outcome = judgeReply({ status, header: () => header, body }, {}, 0)
      expect(kinds).toContain(outcome.kind)
      if (outcome.kind === 'refreshed') expect(checkTokens(outcome.tokens)).toEqual(outcome.tokens)
    })
  })

  test('comes to a verdict whatever an own parser and an own classifier give', () => {
    holds(fc.tuple(replies, anything, fc.boolean()), ([body, given, isThrown]) => {
      const own = (): never => {
        if (isThrown) throw given
        return given as never
      }
      const reply = { status: 200, header: () => null, body }
      expect(kinds).toContain(judgeReply(reply, { parse: own }, 0).kind)
      expect(kinds).toContain(judgeReply(reply, { parse: () => null, classify: own }, 0).kind)
    })
  })

  test('reads any text', () => {
    holds(fc.oneof(fc.string(), json), (text) => {
      const body = parseJson(text)
      judgeReply({ status: 200, header: () => null, body }, {}, 0)
    })
  })
})

describe('the reader of stored records', () => {
  const field = fc.constantFrom(...Object.keys(storedRecord()))
  const records = fc.oneof(
    anything,
    json.map(parseJson),
    fc.tuple(field, anything).map(([name, value]) => ({ ...storedRecord(), [name]: value })),
  )

  test('takes a record that is one, and nothing else', () => {
    holds(records, (value) => {
      const record = readStoredTokens(value)
      if (record === null || record === 'newer') return
      expect(readStoredTokens(JSON.parse(JSON.stringify(record)))).toEqual(record)
      expect(checkTokens(record)).toMatchObject({ accessToken: record.accessToken })
      expect(refreshDueAt(record, 'any')).not.toBeNaN()
    })
  })

  test('takes tokens that are some, and refuses the rest with an AuthError', () => {
    holds(
      fc.oneof(anything, fc.record({ accessToken: anything, refreshToken: anything, expiresIn: anything })),
      (value) => {
        try {
          const tokens = checkTokens(value)
          expect(tokens.accessToken).toMatch(/^[\w.~+/-]+=*$/)
        } catch (error) {
          expect(error).toMatchObject({ name: 'AuthError', code: 'INVALID_TOKENS' })
        }
      },
    )
  })

  test('takes no access token that would change a header, for any character', () => {
    for (let code = 0; code <= 0xffff; code++) {
      const character = String.fromCharCode(code)
      const isTaken = readStoredTokens({ ...storedRecord(), accessToken: `a${character}b` }) !== null
      expect([code, isTaken]).toEqual([code, /[\w.~+/-]/.test(character)])
    }
  })
})

describe('the reader of JWTs', () => {
  const encode = (bytes: string | Uint8Array): string => Buffer.from(bytes).toString('base64url')
  const tokens = fc.oneof(
    fc.string(),
    mixed('.', '=', '-', '_', '+', '/', 'e30', 'eyJhIjoxfQ'),
    fc.oneof(json, fc.uint8Array()).map((payload) => `e30.${encode(payload)}.`),
    fc
      .record({ exp: fc.double(), iat: fc.double() })
      .map((claims) => `e30.${encode(JSON.stringify(claims))}.`),
  )

  test('never throws, and gives an object or null', () => {
    holds(tokens, (token) => {
      const claims = readClaims(token)
      expect(claims === null || (typeof claims === 'object' && !Array.isArray(claims))).toBe(true)
    })
  })

  test('reads what was written', () => {
    holds(
      fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue({ stringUnit: 'binary', maxDepth: 2 })),
      (claims) => {
        const written = JSON.stringify(claims)
        expect(readClaims(`e30.${encode(written)}.`)).toEqual(JSON.parse(written))
      },
    )
  })

  test('the expiry that follows is an instant to come, or unknown', () => {
    holds(fc.tuple(tokens, fc.option(fc.double({ min: 0, max: 7e12 }))), ([accessToken, expiresIn]) => {
      const expiresAt = expiryOf({ accessToken, ...(expiresIn === null ? {} : { expiresIn }) }, 1000)
      expect(expiresAt === null || (expiresAt >= 1000 && expiresAt < Infinity)).toBe(true)
    })
  })
})

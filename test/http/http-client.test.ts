// @vitest-environment node
import { Readable } from 'node:stream'
import { expect, test } from 'vitest'
import { hasTokenInUrl, isOneTimeBody, mayAttach, mayRefresh, mentions } from '../../src/http/http-client.js'

test.each<[string, unknown, boolean]>([
  ['a stream of the web', new ReadableStream(), true],
  ['a stream of Node', Readable.from(['a']), true],
  ['an object that can be piped', { pipe() {} }, true],
  ['a generator', (async function* () {})(), true],
  ['a text', 'text', false],
  ['nothing', null, false],
  ['no body', undefined, false],
  ['a form', new FormData(), false],
  ['a list', ['a'], false],
  ['bytes', new Uint8Array(1), false],
  ['a field of that name', { pipe: 'yes', getReader: 1 }, false],
])('%s can be sent once only: %j', (_, body, isOneTime) => {
  expect(isOneTimeBody(body)).toBe(isOneTime)
})

test.each([
  ['/a?access_token=x', true],
  ['/a?b=1&access_token=x', true],
  ['/a?my_access_token=x', false],
  ['/a?access_tokens=x', false],
  ['/access_token=x', false],
])('%s has a token in it: %j', (url, has) => {
  expect(hasTokenInUrl(url)).toBe(has)
})

test.each<[unknown[], boolean]>([
  [['with token in it'], true],
  [[undefined, 7, 'token'], true],
  [[{ includes: () => true }, ['token'], 'another'], false],
  [[], false],
])('%j mentions the token: %j', (values, does) => {
  expect(mentions(values, 'token')).toBe(does)
})

test.each<[unknown, boolean, boolean]>([
  [undefined, true, true],
  [true, true, true],
  [{}, true, true],
  [false, false, false],
  [{ attach: false }, false, true],
  [{ refresh: false }, true, false],
  [{ attach: true, refresh: true }, true, true],
  [Object.create({ attach: false, refresh: false }), true, true],
])(
  'a request with the options %j gets the token: %j, and may wait for a refresh: %j',
  (options, attach, refresh) => {
    expect([mayAttach(options), mayRefresh(options)]).toEqual([attach, refresh])
  },
)

// @vitest-environment node
import { expect, test } from 'vitest'
import { cleanDeep, createRedactor } from '../../bin/doctor/redactor.js'

const secret = 'Zm9yIG5vYm9keQ/0123456789=='
const redactor = createRedactor()
redactor.hide(secret)
redactor.hide('Q7x9pL')
redactor.hide('abc')

test.each([
  ['whole', `Unknown: ${secret}.`, 'Unknown: [token].'],
  ['the last part of it', 'https://vYm9keQ/0123456789.', 'https://[token].'],
  ['the first part of it', '"Zm9yIG5vYm9keQ" is unknown', '"[token]" is unknown'],
  ['as a URL has it', `?t=${encodeURIComponent(secret)}`, '?t=[token]'],
  ['a short one', 'code=Q7x9pL', 'code=[token]'],
  ['any JWT, known or not', 'got eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIn0.', 'got [token]'],
  ['a JWT that was cut', 'got eyJhbGciOiJub25l…', 'got [token]…'],
  ['words', 'the refresh token is unknown to abc', 'the refresh token is unknown to abc'],
  ['a command to the terminal', 'a\x1b[2Jb\x9bc\u202ed', 'a [2Jb c d'],
])('%s', (_, text, expected) => {
  expect(redactor.clean(text)).toBe(expected)
})

test('every string of a report is cleaned, however deep', () => {
  const report = { a: [{ b: `x ${secret}` }], c: 1, d: null, e: secret }
  expect(cleanDeep(report, redactor)).toEqual({ a: [{ b: 'x [token]' }], c: 1, d: null, e: '[token]' })
})

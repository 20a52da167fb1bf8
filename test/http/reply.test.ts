// @vitest-environment node
import { describe, expect, test } from 'vitest'
import { parseJson, type Reply, replyFrom } from '../../src/http/reply.js'

test('what is no JSON stays the text it is', () => {
  expect(parseJson('{"a":1}')).toEqual({ a: 1 })
  expect(parseJson('<html>')).toBe('<html>')
})

describe('a reply as axios hands it over', () => {
  const headers = {
    get: (name: string): unknown => ({ 'x-text': 'A', 'x-list': ['A', 'B'], 'x-number': 7 })[name],
  }

  test('is read with its headers, and with its body as JSON', () => {
    const reply = replyFrom({ status: 200, headers, data: '{"a":1}' }) as Reply
    expect(reply).toMatchObject({ status: 200, body: { a: 1 } })
    const names = ['x-text', 'x-list', 'x-number', 'x-none']
    expect(names.map((name) => reply.header(name))).toEqual(['A', 'A,B', '7', null])
    expect(replyFrom({ status: 200, data: { a: 1 } })?.body).toEqual({ a: 1 })
    expect(replyFrom({ status: 200, data: ['1'] })?.body).toEqual(['1'])
  })

  test.each([undefined, null, {}, { 'x-text': 'A' }, { get: 'A' }])('may have no headers: %j', (headers) => {
    expect(replyFrom({ status: 200, headers })?.header('x-text')).toBeNull()
  })

  test.each([undefined, null, 'reply', {}, { status: '200' }])('is not %j', (response) => {
    expect(replyFrom(response)).toBeUndefined()
  })
})

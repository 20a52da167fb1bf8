// @vitest-environment node
import { describe, expect, test } from 'vitest'
import { fieldOf, parseJson, type Reply, replyFrom } from '../../src/http/reply.js'
import { readReply } from '../../src/http/reply-reading.js'

describe('a field of a body', () => {
  test.each<[unknown, unknown]>([
    [{ token: 'A' }, 'A'],
    [{ token: null }, null],
    [{}, undefined],
    [Object.create({ token: 'A' }), undefined],
    ['token', undefined],
    [null, undefined],
    [undefined, undefined],
    [Object.assign(() => {}, { token: 'A' }), undefined],
  ])('of %j is %j', (body, value) => {
    expect(fieldOf(body, 'token')).toBe(value)
  })
})

test('what is no JSON stays the text it is', () => {
  expect(parseJson('{"a":1}')).toEqual({ a: 1 })
  expect(parseJson('<html>')).toBe('<html>')
})

describe('a reply as axios hands it over', () => {
  const headers = { get: (name: string): unknown => ({ 'x-text': 'A', 'x-list': ['A'] })[name] }

  test('is read with its headers, and with its body as JSON', () => {
    const reply = replyFrom({ status: 200, headers, data: '{"a":1}' }) as Reply
    expect(reply).toMatchObject({ status: 200, body: { a: 1 } })
    expect(['x-text', 'x-list', 'x-none'].map((name) => reply.header(name))).toEqual(['A', null, null])
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

describe('reading a reply whose body must be waited for', () => {
  const reply: Reply = { status: 200, header: (name) => name }
  const bodyOf = async (): Promise<unknown> => 'the body'
  const never = (): Promise<unknown> => Promise.reject(new Error('nobody asked for the body'))

  test('asks for no body that nobody looks at', () => {
    expect(readReply(reply, never, ({ status, header }) => `${status} ${header('x')}`)).toBe('200 x')
  })

  test('reads again, with the body, where it was looked at', async () => {
    expect(await readReply(reply, bodyOf, ({ status, header, body }) => [status, header('x'), body])).toEqual(
      [200, 'x', 'the body'],
    )
  })

  test('reads again, with the body, where it could not be done without', async () => {
    expect(await readReply(reply, bodyOf, ({ body }) => (body as string).toUpperCase())).toBe('THE BODY')
  })

  test('fails as the reading fails that is not about the body', () => {
    const fail = (): never => {
      throw new Error('mine')
    }
    expect(() => readReply(reply, never, fail)).toThrow('mine')
  })

  test('is but one reading where the body is there', () => {
    let readings = 0
    const read = ({ body }: Reply): unknown => {
      readings++
      return body
    }
    expect(readReply({ ...reply, body: 'there' }, undefined, read)).toBe('there')
    expect(readings).toBe(1)
  })
})

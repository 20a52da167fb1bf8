// @vitest-environment node
import { describe, expect, test } from 'vitest'
import { isPage, parseJson, partOf, type Reply, replyFrom } from '../../src/http/reply.js'
import { whilePolluted } from '../support/polluted.js'

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

  test('is none by fields that a polluted prototype lends', async () => {
    const evil = { status: 200, data: { accessToken: 'evil' }, headers: { authorization: 'evil' } }
    expect(await whilePolluted(evil, () => replyFrom({ accessToken: 'access-1' }))).toBeUndefined()
    const reply = await whilePolluted({ data: 'evil', get: 'evil' }, () =>
      replyFrom({ status: 200, headers }),
    )
    expect([reply?.body, reply?.header('x-text')]).toEqual([undefined, 'A'])
  })

  test('may be one of a class, as that of fetch, polluted prototype or not', async () => {
    const response = new Response('', { status: 401, headers: { 'x-text': 'A' } })
    const reply = await whilePolluted({ status: 200, headers: 'evil' }, () => replyFrom(response))
    expect([reply?.status, reply?.header('x-text')]).toEqual([401, 'A'])
  })

  test.each([undefined, null, 'reply', {}, { status: '200' }])('is not %j', (response) => {
    expect(replyFrom(response)).toBeUndefined()
  })
})

test('a part is what an object has of itself or of its class', async () => {
  const given = Object.assign(Object.create({ inherited: 1 }), { own: 2 })
  expect(['own', 'inherited', 'toString', 'none'].map((name) => partOf(given, name))).toEqual([
    2,
    1,
    undefined,
    undefined,
  ])
  expect(
    await whilePolluted({ evil: 1, own: 2 }, () => [partOf(given, 'evil'), partOf(given, 'own')]),
  ).toEqual([undefined, 2])
  expect([undefined, null, 'text'].map((value) => partOf(value, 'length'))).toEqual([
    undefined,
    undefined,
    undefined,
  ])
})

describe('a page', () => {
  const isOne = (body: unknown, type?: string): boolean =>
    isPage({ status: 403, header: (name) => (name === 'Content-Type' ? (type ?? null) : null), body })

  test.each<[body: unknown, type?: string]>([
    ['', 'text/html'],
    ['Forbidden', 'TEXT/HTML; charset=utf-8'],
    ['<?xml version="1.0"?><Error/>', 'application/xml'],
    ['<!doctype html>'],
    ['\n <html>', 'text/plain'],
  ])('is %j of type %s', (body, type) => {
    expect(isOne(body, type)).toBe(true)
  })

  test.each<[body: unknown, type?: string]>([
    [''],
    [undefined],
    ['Forbidden', 'text/plain'],
    [{ message: '<b>no</b>' }, 'application/json'],
    [{ toString: 1 }],
  ])('is not %j of type %s', (body, type) => {
    expect(isOne(body, type)).toBe(false)
  })
})

// @vitest-environment node
import { describe, expect, test } from 'vitest'
import { readLazily } from '../../src/fetch/lazy-body.js'
import type { Reply } from '../../src/http/reply.js'

describe('reading a reply whose body must be waited for', () => {
  const reply: Reply = { status: 200, header: (name) => name }
  const bodyOf = async (): Promise<unknown> => 'the body'
  const never = (): Promise<unknown> => Promise.reject(new Error('nobody asked for the body'))

  test('asks for no body that is not looked at', () => {
    expect(readLazily(reply, never, ({ status, header }) => `${status} ${header('x')}`)).toBe('200 x')
  })

  test('reads again, with the body, where it was looked at', async () => {
    expect(
      await readLazily(reply, bodyOf, ({ status, header, body }) => [status, header('x'), body]),
    ).toEqual([200, 'x', 'the body'])
  })

  test('reads again, with the body, where it throws for want of one', async () => {
    expect(await readLazily(reply, bodyOf, ({ body }) => (body as string).toUpperCase())).toBe('THE BODY')
  })

  test('throws what the reading throws that looks at no body', () => {
    const fail = (): never => {
      throw new Error('mine')
    }
    expect(() => readLazily(reply, never, fail)).toThrow('mine')
  })

  test('rejects with what the reading throws that has the body', async () => {
    const read = ({ body }: Reply): never => {
      throw new Error(`mine: ${body}`)
    }
    await expect(readLazily(reply, bodyOf, read)).rejects.toThrow('mine: the body')
  })
})

// @vitest-environment node
import { describe, expect, test } from 'vitest'
import { bearer, sendProved, type TokenProof } from '../../src/http/credentials.js'
import type { Reply } from '../../src/http/reply.js'

const request = { method: 'POST', url: 'https://api.test/things' }
const replyOf = (status: number): Reply => ({ status, header: () => null })

test('an access token goes into the header of RFC 6750', () => {
  expect(bearer('access-1')).toEqual({ Authorization: 'Bearer access-1' })
})

describe('a sending with a proof', () => {
  /** Sends to a server that wants a nonce `refusals` times. */
  async function send(refusals: number, isReplayable = true) {
    const proved: unknown[] = []
    const sent: unknown[] = []
    const discarded: number[] = []
    const proof: TokenProof = {
      async headersFor(given, accessToken) {
        proved.push([given, accessToken])
        return { DPoP: `proof-${proved.length}` }
      },
      heed: ({ status }, url) => url === request.url && status === 401,
    }
    const reply = await sendProved(proof, request, 'access-1', {
      send: async (credentials) => (sent.push(credentials) <= refusals ? 401 : 200),
      replyOf,
      isReplayable,
      discard: (reply) => discarded.push(reply),
    })
    return { reply, proved, sent, discarded }
  }

  test('is one sending where the server has nothing to say to the proof', async () => {
    expect(await send(0)).toEqual({
      reply: 200,
      proved: [[request, 'access-1']],
      sent: [{ DPoP: 'proof-1' }],
      discarded: [],
    })
  })

  test('is repeated with another proof where the server wants a nonce, and the first reply is freed', async () => {
    const { reply, sent, discarded } = await send(1)
    expect(reply).toBe(200)
    expect(sent).toEqual([{ DPoP: 'proof-1' }, { DPoP: 'proof-2' }])
    expect(discarded).toEqual([401])
  })

  test('is repeated once, whatever the server wants', async () => {
    const { reply, sent, discarded } = await send(5)
    expect(reply).toBe(401)
    expect(sent).toHaveLength(2)
    expect(discarded).toEqual([401])
  })

  test('is not repeated where the body can be sent but once', async () => {
    const { reply, sent, discarded } = await send(1, false)
    expect([reply, sent.length, discarded.length]).toEqual([401, 1, 0])
  })
})

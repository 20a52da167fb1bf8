import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import jwt from 'jsonwebtoken'
import { type Backing, listen, type Stage } from './backend.js'

export interface SpringBacking extends Backing {
  /** Whether pages of other origins may see the headers with the tokens. */
  exposes: boolean
  /** Whether refusals have the CORS headers that good replies have. */
  allowsRefusals: boolean
  /** Refuses all access tokens that are out, from now on. */
  forgetAccessTokens(): void
}

/**
 * What the filter of many Spring Security back ends does, as far as a page can tell: tokens in headers, a refused refresh
 * that is a 200 without them, 403 for an expired token. It stands for every server whose CORS set-up is not complete.
 */
export function createSpringServer(stage: Stage): SpringBacking {
  const { pageOrigin, counters } = stage
  const refreshTokens = new Map<string, string>()
  let secret = randomUUID()

  const hand = (response: ServerResponse, user: string): void => {
    const refreshToken = randomUUID()
    refreshTokens.set(refreshToken, user)
    response.setHeader('Authorization', jwt.sign({ sub: user }, secret, { expiresIn: stage.lifetimeS }))
    response.setHeader('Authorization-refresh', refreshToken)
  }

  function reissue(response: ServerResponse, refreshToken: string): void {
    const user = refreshTokens.get(refreshToken)
    refreshTokens.delete(refreshToken)
    counters[user ? 'refreshes' : 'refreshesRefused']++
    if (user) hand(response, user)
  }

  function answer(response: ServerResponse, token: string): string {
    try {
      const { sub } = jwt.verify(token, secret) as { sub: string }
      counters.answered++
      return JSON.stringify({ user: sub })
    } catch {
      counters.refused++
      response.statusCode = 403
      if (!backing.allowsRefusals) response.removeHeader('Access-Control-Allow-Origin')
      return ''
    }
  }

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.setHeader('Access-Control-Allow-Origin', pageOrigin)
    response.setHeader('Access-Control-Allow-Headers', 'Authorization, Authorization-refresh, Content-Type')
    if (backing.exposes) {
      response.setHeader('Access-Control-Expose-Headers', 'Authorization, Authorization-refresh')
    }
    if (request.method === 'OPTIONS') return void response.end()
    const { authorization = '', 'authorization-refresh': refreshToken } = request.headers
    if (request.url === '/login') hand(response, JSON.parse(await text(request)).user)
    else if (refreshToken) reissue(response, String(refreshToken).replace('Bearer ', ''))
    else response.write(answer(response, authorization.replace('Bearer ', '')))
    response.end()
  }

  const backing: SpringBacking = {
    exposes: true,
    allowsRefusals: true,
    listen: (port) => listen((request, response) => void handle(request, response), port),
    forgetAccessTokens() {
      secret = randomUUID()
    },
    revoke: () => refreshTokens.clear(),
  }
  return backing
}

import { HttpResponse } from 'msw'
import { describe, expect, test } from 'vitest'
import type { RefreshEndpoint, SessionEvent, SessionOptions, StoredTokens } from '../../../src/index.js'
import { type Backend, refreshUrl } from '../../support/backend.js'
import { guard, openSession } from '../../support/guarded-api.js'
import { typesOf } from '../../support/types-of.js'

export interface Exchange {
  refresh: RefreshEndpoint
  /** What the server answers to the sign-in: `access-1`, and `refresh-1` where it has such. */
  signIn: () => Response
  /** Every header but `accept`, which all send. */
  request: { method?: string; path?: string; headers: Record<string, string>; body?: string }
  /** What it answers to the refresh: `access-2`. */
  renewal: () => Response
  /** The refresh token that is kept after that; `null` where there is none. */
  keeps?: string | null
  refusals: Record<string, () => Response>
  /** How the API says that the token has expired. */
  expired?: () => Response
}

export const json = (body: object, status = 200, headers: Record<string, string> = {}): Response =>
  HttpResponse.json(body, { status, headers })

/** A user who has signed in by a call of the guarded client, as apps do. */
export async function signInAt(
  { refresh, signIn }: Pick<Exchange, 'refresh' | 'signIn'>,
  backend: Backend,
  options: Partial<SessionOptions> = {},
) {
  const session = openSession({ refresh, ...options })
  const api = guard(session)
  const events: SessionEvent[] = []
  session.on((event) => events.push(event))
  const { answer } = backend
  backend.answer = signIn
  await session.setTokens(await api.post('/login', {}))
  backend.answer = answer
  return { session, api, events }
}

/** What can be said of every protocol. */
export function claimExchange(name: string, backend: Backend, exchange: Exchange): void {
  describe(name, () => {
    const { request, renewal, keeps = 'refresh-2', refusals, expired = () => json({}, 401) } = exchange

    test('takes the sign-in reply, and asks as the server wants to be asked', async () => {
      const { session } = await signInAt(exchange, backend)
      backend.renew = renewal
      expect(await session.refresh()).toBe('access-2')
      const [call] = backend.refreshes
      const { accept, ...headers } = Object.fromEntries(call?.headers ?? [])
      expect(accept).toBe('application/json')
      expect({ method: call?.method, path: call?.url.href, headers, body: call?.text }).toEqual({
        method: request.method ?? 'POST',
        path: request.path ?? refreshUrl,
        headers: request.headers,
        body: request.body ?? '',
      })
    })

    test(`keeps ${keeps === null ? 'no refresh token' : keeps}`, async () => {
      let kept: StoredTokens | null = null
      const session = openSession({
        refresh: exchange.refresh,
        store: {
          read: () => kept,
          write(tokens) {
            kept = tokens
          },
        },
      })
      backend.answer = exchange.signIn
      await session.setTokens(await fetch('http://app.test/api/login', { method: 'POST' }))
      backend.renew = renewal
      await session.refresh()
      expect(kept).toMatchObject({ accessToken: 'access-2' })
      expect((kept as StoredTokens | null)?.refreshToken ?? null).toBe(keeps)
    })

    test('cures a refused request', async () => {
      const { api } = await signInAt(exchange, backend)
      backend.renew = renewal
      backend.answer = ({ headers }) =>
        headers.get('authorization') === 'Bearer access-2' ? json({ name: 'Ada' }) : expired()
      expect((await api.get('/me')).data).toEqual({ name: 'Ada' })
      expect(backend.refreshes).toHaveLength(1)
    })

    test.each(Object.entries(refusals))('ends the session at %s', async (_, refusal) => {
      const { session, events } = await signInAt(exchange, backend)
      backend.renew = refusal
      await expect(session.refresh()).rejects.toMatchObject({ code: 'SESSION_EXPIRED' })
      expect(session.state).toEqual({ status: 'signed-out', reason: 'expired' })
      expect(typesOf(events)).toContain('expired')
      expect(backend.refreshes).toHaveLength(1)
    })

    test('says what came in a way that nobody foresaw, without a value, and keeps the session', async () => {
      const { session } = await signInAt(exchange, backend)
      backend.renew = () => json({ note: 'top-secret-value' }, 418)
      const error = await session.refresh().catch((error: unknown) => error)
      expect(error).toMatchObject({ code: 'REFRESH_REFUSED', status: 418 })
      const { message } = error as Error
      expect(message).toContain('status 418, application/json, fields: note')
      expect(message).not.toContain('top-secret')
      expect(session.state).toMatchObject({ status: 'signed-in' })
    })

    test('outlives a server in trouble', async () => {
      const { session } = await signInAt(exchange, backend)
      backend.renew = () => HttpResponse.error()
      await expect(session.refresh()).rejects.toMatchObject({ code: 'REFRESH_FAILED', retryable: true })
      expect(session.state).toMatchObject({ status: 'signed-in' })
    })
  })
}

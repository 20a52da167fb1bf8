import { AxiosError, type AxiosResponse } from 'axios'
import { expect, onTestFinished, vi } from 'vitest'
import { isAuthError, type SessionOptions, type StoredTokens, webStorageStore } from '../../../src/index.js'
import { headerPair } from '../../../src/servers.js'
import { elapse } from '../../support/elapse.js'
import { apiOrigin, json, type Stage, signedInStage } from './stage.js'
import type { TokenKind } from './token-kinds.js'

/** What came of a scenario: all that the app and its logs can get hold of. */
export interface Outcome {
  stage: Stage
  results: unknown[]
}

/** A thing that happens to a signed-in user. Each says what must come of it; `debug` is to be passed to the session. */
export interface Scenario {
  claim: string
  run(kind: TokenKind, debug: (line: string) => void): Promise<Outcome>
}

/** The outcome of a call, be it a reply or an error. */
export const settle = (call: Promise<unknown>): Promise<unknown> =>
  elapse(call.catch((error: unknown) => error))

/** The code of an `AuthError`, or of the one behind the error of a call. */
function codeOf(error: unknown): string | undefined {
  if (isAuthError(error)) return error.code
  const { cause } = error as Error
  return isAuthError(cause) ? cause.code : undefined
}

interface Locks {
  request(name: string, options: { signal?: AbortSignal }, work: () => unknown): Promise<unknown>
}

/** The page's Web Locks, which jsdom has none of, until the test is over. */
export function setLocks(value: Locks): void {
  Object.defineProperty(navigator, 'locks', { configurable: true, value })
  onTestFinished(() => void Reflect.deleteProperty(navigator, 'locks'))
}

/** Rejects when the signal aborts, as a Web Lock that is not granted in time. */
export const rejection = (signal?: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    signal?.addEventListener('abort', () => reject(new DOMException('given up', 'AbortError')))
  })

type Script = (stage: Stage) => Promise<unknown[]>

function scenario(
  claim: string,
  script: Script,
  optionsFor: (kind: TokenKind) => Partial<SessionOptions> = () => ({}),
): Scenario {
  return {
    claim,
    async run(kind, debug) {
      const options: Partial<SessionOptions> = { store: webStorageStore('local'), debug, ...optionsFor(kind) }
      const stage = await signedInStage({ kind, options })
      return { stage, results: await script(stage) }
    },
  }
}

/** The API's 401 comes to the caller, with `code` as the reason why there is no better reply. */
const refusedWith =
  (code: string, prepare: (stage: Stage) => void): Script =>
  async (stage) => {
    prepare(stage)
    stage.current = 99
    const error = (await settle(stage.api.get('/me'))) as AxiosError
    expect(error.response?.status).toBe(401)
    expect(codeOf(error)).toBe(code)
    return [error, await settle(stage.session.refresh())]
  }

/** A reply that quotes both tokens wherever it can. */
const quoting = ({ kind }: Stage, status: number, error: string): Response => {
  const quote = `${kind.access(1)} and ${kind.refresh(1)}`
  const body = { error, error_description: quote, message: quote, [kind.refresh(1)]: quote, list: [quote] }
  return json(body, { status, headers: { 'Content-Type': `application/json; note="${kind.refresh(1)}"` } })
}

/** What axios throws for a refresh that the app sent itself: it holds request and reply. */
function refreshError({ kind }: Stage, status: number | undefined): AxiosError {
  const tokens = { access: kind.access(1), refresh: kind.refresh(1) }
  const config = { headers: tokens, data: JSON.stringify(tokens) } as never
  const response = { status, statusText: '', headers: {}, data: { message: tokens }, config } as AxiosResponse
  const reply = status === undefined ? undefined : response
  return new AxiosError(`refresh of ${tokens.refresh} failed`, 'ERR_BAD_RESPONSE', config, tokens, reply)
}

export const scenarios: readonly Scenario[] = [
  scenario('a request with a good token is answered', async ({ api }) => {
    const response = (await settle(api.get('/me'))) as AxiosResponse
    expect(response.status).toBe(200)
    return [response]
  }),

  scenario('twenty requests with a refused token are answered after one refresh', async (stage) => {
    stage.current = 2
    stage.renew = () => json({ accessToken: stage.kind.access(2), refreshToken: stage.kind.refresh(2) })
    const calls = Array.from({ length: 20 }, (_, index) => stage.api.post('/items', { index }))
    const responses = (await settle(Promise.all(calls))) as AxiosResponse[]
    expect(responses.map(({ status }) => status)).toEqual(Array(20).fill(200))
    expect(stage.refreshes).toHaveLength(1)
    expect(stage.sent.at(-1)?.authorization).toBe(`Bearer ${stage.kind.access(2)}`)
    return responses
  }),

  scenario('a request with a token that is known to have expired waits for the new one', async (stage) => {
    await stage.signIn({ expiresIn: 60 })
    vi.setSystemTime(Date.now() + 61_000)
    const response = (await settle(stage.api.get('/me'))) as AxiosResponse
    expect(response.status).toBe(200)
    expect(stage.sent.map(({ authorization }) => authorization)).toEqual([`Bearer ${stage.kind.access(2)}`])
    return [response]
  }),

  scenario('a refused refresh token ends the session once', async (stage) => {
    const refused = refusedWith('SESSION_EXPIRED', () => {
      stage.renew = () => quoting(stage, 401, 'invalid_grant')
    })
    const results = await refused(stage)
    expect(stage.session.state).toEqual({ status: 'signed-out', reason: 'expired' })
    expect(stage.events.filter(({ type }) => type === 'expired')).toHaveLength(1)
    return results
  }),

  scenario(
    'an auth server in trouble keeps the session',
    refusedWith('REFRESH_FAILED', (stage) => {
      stage.renew = () => quoting(stage, 503, 'temporarily_unavailable')
    }),
  ),

  scenario(
    'an HTML page where tokens should be keeps the session',
    refusedWith('REFRESH_FAILED', (stage) => {
      stage.renew = () => new Response(`<input value="${stage.kind.refresh(1)}">`, { status: 200 })
    }),
  ),

  scenario(
    'a reply with a broken access token keeps the session',
    refusedWith('REFRESH_FAILED', (stage) => {
      stage.renew = () => json({ accessToken: `${stage.kind.access(2)}\r\nX-Evil: 1` })
    }),
  ),

  scenario(
    'a refresh endpoint that is not there keeps the session',
    refusedWith('REFRESH_REFUSED', (stage) => {
      stage.renew = () => quoting(stage, 404, 'not_found')
    }),
  ),

  scenario(
    'no network for the refresh keeps the session',
    refusedWith('REFRESH_FAILED', (stage) => {
      stage.renew = () => Promise.reject(new TypeError('Failed to fetch'))
    }),
  ),

  scenario(
    'a refresh endpoint that never answers keeps the session',
    refusedWith('REFRESH_TIMEOUT', (stage) => {
      stage.renew = () => new Promise(() => {})
    }),
  ),

  scenario(
    'a lock that is never granted keeps the session',
    refusedWith('LOCK_TIMEOUT', () => {}),
    () => {
      // Whoever steals it is robbed at once.
      const robbed = (): Promise<never> => Promise.reject(new DOMException('robbed', 'AbortError'))
      setLocks({ request: (_, { signal }) => (signal ? rejection(signal) : robbed()) })
      return {}
    },
  ),

  scenario('a server that says "not expired" is believed', async (stage) => {
    stage.renew = () => json({ message: `${stage.kind.access(1)} is not expired yet` }, { status: 400 })
    const token = await settle(stage.session.refresh())
    expect(token).toBe(stage.kind.access(1))
    expect(stage.events.map((event) => 'code' in event && event.code)).toContain('REFRESH_NOT_DUE')
    return []
  }),

  scenario(
    'a refresh function that rejects with an AxiosError without a reply keeps the session',
    refusedWith('REFRESH_FAILED', () => {}),
    (kind) => ({ refresh: () => Promise.reject(refreshError({ kind } as Stage, undefined)) }),
  ),

  scenario(
    'a refresh function that rejects with the AxiosError of a 401 ends the session',
    refusedWith('SESSION_EXPIRED', () => {}),
    (kind) => ({ refresh: () => Promise.reject(refreshError({ kind } as Stage, 401)) }),
  ),

  scenario(
    'a refresh function that throws a string with the tokens keeps the session',
    refusedWith('REFRESH_FAILED', () => {}),
    () => ({
      refresh: ({ tokens }) => {
        throw JSON.stringify(tokens)
      },
    }),
  ),

  scenario(
    'an option parse that throws the text of the reply keeps the session',
    refusedWith('REFRESH_FAILED', () => {}),
    () => ({
      refresh: {
        ...headerPair({ url: '/auth/refresh' }),
        parse({ body }) {
          throw new Error(JSON.stringify(body), { cause: body })
        },
      },
    }),
  ),

  scenario(
    'an option send that throws the tokens keeps the session',
    refusedWith('REFRESH_REFUSED', () => {}),
    () => ({
      refresh: {
        url: '/auth/refresh',
        send(tokens) {
          throw new Error(JSON.stringify(tokens), { cause: tokens })
        },
      },
    }),
  ),

  scenario(
    'an option send that makes a header which cannot be sent keeps the session',
    refusedWith('REFRESH_REFUSED', () => {}),
    () => ({
      refresh: {
        url: '/auth/refresh',
        send: (tokens) => ({ headers: { Token: `${tokens.refreshToken}\nX-Evil: 1` } }),
      },
    }),
  ),

  scenario(
    'a fetch of the endpoint that throws what it was to send keeps the session',
    refusedWith('REFRESH_FAILED', () => {}),
    () => ({
      refresh: {
        ...headerPair({ url: '/auth/refresh' }),
        fetch(url, { headers }) {
          const request = JSON.stringify([url, ...new Headers(headers)])
          throw new Error(request, { cause: request })
        },
      },
    }),
  ),

  scenario(
    'a signOut that rejects with the tokens signs the user out, and an event warns',
    async (stage) => {
      await settle(stage.session.signOut())
      await vi.advanceTimersByTimeAsync(0)
      expect(stage.session.state).toEqual({ status: 'signed-out', reason: 'signed-out' })
      expect(stage.events.at(-1)).toMatchObject({ type: 'warning', code: 'SIGN_OUT_NOT_TOLD' })
      return []
    },
    () => ({
      refresh: {
        ...headerPair({ url: '/auth/refresh' }),
        signOut: (tokens) => Promise.reject(new Error(JSON.stringify(tokens), { cause: tokens })),
      },
    }),
  ),

  scenario(
    'an onReply that throws the reply leaves the reply to the caller',
    async (stage) => {
      stage.answer = ({ authorization }) => ({ status: 200, data: { authorization } })
      const reply = (await settle(stage.api.get('/me'))) as AxiosResponse
      expect(reply.status).toBe(200)
      return []
    },
    () => ({
      refresh: {
        ...headerPair({ url: '/auth/refresh' }),
        onReply({ body }, request) {
          throw new Error(JSON.stringify([body, request]))
        },
      },
    }),
  ),

  scenario(
    'an option isExpired that throws the reply hands the reply to the caller',
    async (stage) => {
      stage.answer = ({ authorization }) => ({ status: 401, data: { authorization } })
      const error = (await settle(stage.api.get('/me'))) as AxiosError
      expect(error.response?.status).toBe(401)
      // The API itself has quoted the token in its reply: that is the caller's to see.
      Reflect.deleteProperty(error, 'response')
      return [error]
    },
    () => ({
      isExpired({ body }) {
        throw new Error(JSON.stringify(body))
      },
    }),
  ),

  scenario('an API without a network fails as with bare axios', async (stage) => {
    const api = stage.api
    api.defaults.adapter = (config) =>
      Promise.reject(new AxiosError('Network Error', AxiosError.ERR_NETWORK, config, {}))
    const error = (await settle(api.get('/me'))) as AxiosError
    expect(error.code).toBe('ERR_NETWORK')
    return [error, error.config]
  }),

  scenario('a server error of the API is handed on', async (stage) => {
    stage.answer = () => ({ status: 500, data: 'oops' })
    const error = (await settle(stage.api.get('/me'))) as AxiosError
    expect(error.response?.status).toBe(500)
    return [error, error.toJSON()]
  }),

  scenario('a request that is refused again after the refresh is handed on', async (stage) => {
    stage.answer = () => ({ status: 401 })
    const error = (await settle(stage.api.get('/me'))) as AxiosError
    expect(stage.sent).toHaveLength(2)
    return [error, error.toJSON()]
  }),

  scenario('a request that is aborted while it waits is canceled', async (stage) => {
    const controller = new AbortController()
    stage.current = 2
    stage.renew = () => new Promise(() => {})
    const call = stage.api.get('/me', { signal: controller.signal }).catch((error: unknown) => error)
    await vi.advanceTimersByTimeAsync(100)
    controller.abort()
    const error = (await settle(call)) as AxiosError
    expect(error.code).toBe(AxiosError.ERR_CANCELED)
    return [error]
  }),

  scenario('a sign-out while a request waits drops the request', async (stage) => {
    stage.current = 2
    stage.renew = () => new Promise(() => {})
    const call = stage.api.get('/me').catch((error: unknown) => error)
    await vi.advanceTimersByTimeAsync(100)
    await elapse(stage.session.signOut())
    const error = await settle(call)
    expect(codeOf(error)).toBe('SESSION_CHANGED')
    expect(await stage.session.getAccessToken()).toBeNull()
    return [error]
  }),

  scenario('a disposed session refuses', async (stage) => {
    stage.session.dispose()
    const error = await settle(stage.session.refresh())
    expect(codeOf(error)).toBe('DISPOSED')
    return [error, await settle(stage.session.setTokens({ accessToken: stage.kind.access(2) }))]
  }),

  scenario('tokens that cannot be tokens are refused, and nothing changes', async (stage) => {
    const refused = [
      `Bearer ${stage.kind.access(2)}`,
      `${stage.kind.access(2)}\r\n`,
      `"${stage.kind.access(2)}"`,
    ]
    const errors = []
    for (const accessToken of refused) errors.push(await settle(stage.session.setTokens({ accessToken })))
    const both = { accessToken: stage.kind.access(2), refreshToken: `${stage.kind.refresh(2)} ` }
    errors.push(await settle(stage.session.setTokens(both)))
    expect(errors.map(codeOf)).toEqual(Array(4).fill('INVALID_TOKENS'))
    expect(await stage.session.getAccessToken()).toBe(stage.kind.access(1))
    return errors
  }),

  scenario('a URL with a user and a password is not sent', async (stage) => {
    const error = await settle(stage.api.get(`https://ada:pass@${new URL(apiOrigin).host}/me`))
    expect(codeOf(error)).toBe('UNSAFE_URL')
    expect(stage.sent).toEqual([])
    return [error]
  }),

  scenario(
    'a store that rejects with the record as text is told of without it',
    async (stage) => {
      expect(stage.events.map(({ type }) => type)).toContain('store-failed')
      expect(await stage.session.getAccessToken()).toBe(stage.kind.access(1))
      return []
    },
    () => ({
      store: {
        read: () => null,
        write: (tokens: StoredTokens | null) => Promise.reject(`cannot keep ${JSON.stringify(tokens)}`),
      },
    }),
  ),

  scenario(
    'garbage in the store that holds tokens is thrown away without a word of it',
    async (stage) => {
      expect(stage.session.state.status).toBe('signed-in')
      return []
    },
    (kind) => {
      localStorage.setItem(
        'latchkey',
        `{"accessToken":"${kind.access(1)}","refreshToken":"${kind.refresh(1)}`,
      )
      return {}
    },
  ),
]

import axios, {
  type AxiosAdapter,
  AxiosError,
  type AxiosInstance,
  type AxiosResponse,
  type InternalAxiosRequestConfig,
} from 'axios'
import { describe, expect, test } from 'vitest'
import { withSession } from '../../src/axios.js'
import type { Session } from '../../src/index.js'
import { useBackend } from '../support/backend.js'
import { openSession } from '../support/guarded-api.js'
import { failureOf } from './support/users.js'

const backend = useBackend()

type Config = InternalAxiosRequestConfig & { metadata?: unknown }
const baseURL = 'https://api.example.com'

async function signedIn(): Promise<Session> {
  const session = openSession()
  await session.setTokens({ accessToken: 'access-1', refreshToken: 'refresh-1' })
  return session
}

const guarded = async (adapter: AxiosAdapter, base = baseURL): Promise<AxiosInstance> =>
  withSession(axios.create({ baseURL: base, adapter }), await signedIn())

/** Settles as an adapter of axios does. */
function settle(config: Config, status: number, request: unknown = {}): AxiosResponse {
  const response = { status, statusText: '', headers: {}, data: '', config, request }
  if (!config.validateStatus || config.validateStatus(status)) return response
  throw new AxiosError(`status ${status}`, AxiosError.ERR_BAD_REQUEST, config, request, response)
}

describe('an adapter that writes to the config it was given', () => {
  /** Notes how often it was called, as a plugin that measures times does, and names itself as axios' own for Node does. */
  const measuring = (status: number): AxiosAdapter => {
    let calls = 0
    return async (config: Config) => {
      config.metadata = { calls: ++calls }
      config.headers.set('User-Agent', 'axios/test')
      return settle(config, status)
    }
  }

  test('finds what it wrote on response.config', async () => {
    const api = await guarded(measuring(200))
    const { config } = (await api.get('/me')) as { config: Config }
    expect(config.metadata).toEqual({ calls: 1 })
    expect(config.headers.get('User-Agent')).toBe('axios/test')
  })

  test('finds it on error.config and error.response.config', async () => {
    const api = await guarded(measuring(500))
    const error = await failureOf(api.get('/me'))
    expect((error.config as Config).metadata).toEqual({ calls: 1 })
    expect(error.config?.headers.get('User-Agent')).toBe('axios/test')
    expect(error.response?.config).toBe(error.config)
  })

  test('finds what it wrote last where the request was sent again', async () => {
    const api = await guarded(measuring(401))
    const error = await failureOf(api.get('/me'))
    expect((error.config as Config).metadata).toEqual({ calls: 2 })
    expect(backend.refreshes).toHaveLength(1)
  })

  test('gets no token onto the config of the caller by it', async () => {
    let last: unknown
    const api = await guarded(async (config) => {
      config.headers.set('X-Seen', 'yes')
      last = config.headers.get('Authorization')
      return settle(config, 200)
    })
    const { config } = await api.get('/me')
    expect(last).toBe('Bearer access-1')
    expect(config.headers.toJSON()).toMatchObject({ 'X-Seen': 'yes' })
    expect(JSON.stringify(config)).not.toContain('access-1')
  })

  test('does not keep an interceptor from knowing its config again', async () => {
    const api = await guarded(measuring(200))
    let seen: unknown
    api.interceptors.request.use((config) => {
      seen = config
      return config
    })
    expect((await api.get('/me')).config).toBe(seen)
  })
})

describe("an adapter that answers with another request's config", () => {
  const other = { url: '/other', headers: {} } as Config

  test('gets to keep it on a response', async () => {
    const api = await guarded(async (config) => ({ ...settle(config, 200), config: other }))
    expect((await api.get('/me')).config).toBe(other)
  })

  test('gets to keep it on an error', async () => {
    const api = await guarded(() => Promise.reject(new AxiosError('cut', AxiosError.ERR_NETWORK, other)))
    expect((await failureOf(api.get('/me'))).config).toBe(other)
  })
})

/** As Capacitor's native bridge does: a GET is sent by way of the page's own origin, and its reply says so. */
describe("a reply whose responseURL is the page's own origin", () => {
  const bridge = (answers: number[]): AxiosAdapter => {
    const statuses = [...answers]
    return async (config) =>
      settle(config, statuses.shift() ?? 200, {
        responseURL: `http://app.test/_capacitor_http_interceptor_?u=${encodeURIComponent(`${config.baseURL}${config.url}`)}`,
      })
  }

  test('that is a 401 leads to a refresh, and the request is sent again', async () => {
    const api = await guarded(bridge([401]))
    expect((await api.get('/me')).status).toBe(200)
    expect(backend.refreshes).toHaveLength(1)
  })

  test.each([
    ['absolute and the one that was asked for', `${baseURL}/me`, 1],
    ['relative', '/me', 1],
    ['empty', '', 1],
    ['on a foreign origin', 'https://elsewhere.example/me', 0],
  ])('and one that is %s leads to as many', async (_, responseURL, refreshes) => {
    const api = await guarded(async (config) => settle(config, 401, { responseURL }))
    await failureOf(api.get('/me'))
    expect(backend.refreshes).toHaveLength(refreshes)
  })
})

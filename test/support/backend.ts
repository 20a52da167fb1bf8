import { HttpResponse, http } from 'msw'
import { setupServer } from 'msw/node'
import { afterAll, beforeAll, beforeEach } from 'vitest'
import { leakWatch } from '../leak-watch/leak-watch.js'

/** One request as it came over the wire. */
export interface Call {
  method: string
  url: URL
  headers: Headers
  bytes: Uint8Array
  /** The bytes, read as UTF-8. */
  text: string
}

export type Responder = (call: Call) => Response | Promise<Response>

/**
 * An API and its auth server, which speaks the header protocol and rotates: `access-1` and `refresh-1` are followed by
 * `access-2` and `refresh-2`. Every host is reached here, so that a token that goes astray is seen.
 */
export interface Backend {
  /** What reached any address but the refresh endpoint. */
  readonly calls: Call[]
  /** What reached the refresh endpoint. */
  readonly refreshes: Call[]
  /** The access tokens that the API takes. */
  readonly accepted: Set<string>
  /** How the API answers: 200 to an accepted token, else 401, until a test says otherwise. */
  answer: Responder
  /** How the refresh endpoint answers. */
  renew: Responder
}

export const refreshUrl = 'http://app.test/auth/refresh'

export const authorizationOf = ({ headers }: Call): string | null => headers.get('authorization')

const unauthorized = (): Response => HttpResponse.json({ message: 'unauthorized' }, { status: 401 })

async function readCall(request: Request): Promise<Call> {
  const bytes = new Uint8Array(await request.arrayBuffer())
  const text = new TextDecoder().decode(bytes)
  return { method: request.method, url: new URL(request.url), headers: request.headers, bytes, text }
}

/** A backend for the tests of the file or the `describe` this is called in, fresh for each of them. */
export function useBackend(): Backend {
  const backend = {} as { -readonly [name in keyof Backend]: Backend[name] }
  const server = setupServer(
    http.all('*', async ({ request }) => {
      const call = await readCall(request)
      leakWatch.saw('a URL', request.url)
      const isRefresh = call.url.origin + call.url.pathname === refreshUrl
      backend[isRefresh ? 'refreshes' : 'calls'].push(call)
      return isRefresh ? backend.renew(call) : backend.answer(call)
    }),
  )
  beforeAll(() => server.listen({ onUnhandledRequest: 'error' }))
  afterAll(() => server.close())
  beforeEach(() => {
    let generation = 1
    const accepted = new Set(['access-1'])
    Object.assign(backend, {
      calls: [],
      refreshes: [],
      accepted,
      answer: (call: Call) =>
        accepted.has((authorizationOf(call) ?? '').replace('Bearer ', ''))
          ? HttpResponse.json({ path: call.url.pathname })
          : unauthorized(),
      renew({ headers }: Call) {
        if (headers.get('refresh') !== `refresh-${generation}`) return unauthorized()
        generation++
        accepted.clear()
        accepted.add(`access-${generation}`)
        return HttpResponse.json({
          accessToken: `access-${generation}`,
          refreshToken: `refresh-${generation}`,
        })
      },
    })
  })
  return backend
}

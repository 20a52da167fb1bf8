import { type AccessTokens, bearerToken, type CheckedToken, type TokenStatus } from './access-tokens.js'
import type { Counters } from './counters.js'
import { answerInstead, takeFault } from './faults.js'
import { drawPicture } from './picture.js'
import { type Ask, challenge, type Protocol } from './protocols/protocol.js'
import type { RefreshTokens } from './refresh-tokens.js'
import type { Settings } from './settings.js'
import { authenticate, findUser } from './users.js'

const longestLatencyMs = 5_000

export interface SideParts {
  settings: Settings
  counters: Counters
  accessTokens: AccessTokens
  refreshTokens: RefreshTokens
  sleep(ms: number): Promise<void>
}

export interface Call extends Ask {
  method: string
  path: string
  query: URLSearchParams
}

/** The sign-in, the refresh and the protected API, as one client meets them. `null` for a path that is not there. */
export type Side = (protocol: Protocol, call: Call) => Promise<Response | null>

export function createSide({ settings, counters, accessTokens, refreshTokens, sleep }: SideParts): Side {
  async function signIn({ grant }: Protocol, { body, cookies }: Call): Promise<Response> {
    const { username, password } = readJson(body)
    const user = authenticate(username, password)
    if (!user) return Response.json({ message: 'Wrong user name or password' }, { status: 401 })
    const { sid, refreshToken } = await refreshTokens.begin(user.username)
    return grant(await grantedTo(sid, user.username, refreshToken), cookies)
  }

  async function grantedTo(sid: string, username: string, refreshToken: string) {
    const user = findUser(username)
    if (!user) throw new Error('A refresh token names a user who is not there')
    const lifetimeMs = settings.accessTokenLifetimeMs
    const accessToken = await accessTokens.issue({ sid, user, lifetimeMs })
    return { accessToken, refreshToken, expiresInS: lifetimeMs / 1000 }
  }

  async function refresh(protocol: Protocol, call: Call): Promise<Response> {
    counters.refreshRequests += 1
    const latencyMs = settings.refreshLatencyMs
    const fault = takeFault(settings)
    const instead = await answerInstead(fault, sleep)
    if (instead) {
      await sleep(latencyMs)
      return instead
    }
    const brought = protocol.read(call)
    if (!brought) return protocol.malformed()
    if (fault === '401') await forget(brought.refreshToken)

    let owner: { sid: unknown; username: unknown } | undefined
    if (brought.accessToken !== undefined) {
      const { status, claims } = await accessTokens.check(brought.accessToken)
      if (status === 'valid' && protocol.isOnlyAfterExpiry) {
        return Response.json({ message: 'Access token is not expired' }, { status: 400 })
      }
      owner = { sid: claims?.sid, username: claims?.sub }
    }
    const rotated = await refreshTokens.rotate(brought.refreshToken, settings.rotation, owner)
    if (!rotated) {
      counters.refreshesRefused += 1
      await sleep(latencyMs)
      return protocol.refuse()
    }
    counters.refreshes += 1
    // The old token is spent already; only the answer takes its time, as on a slow network.
    const answer = protocol.grant(
      await grantedTo(rotated.sid, rotated.username, rotated.refreshToken),
      call.cookies,
    )
    await sleep(latencyMs)
    return fault === 'dropped' ? Response.error() : answer
  }

  async function forget(refreshToken: string): Promise<void> {
    const family = await refreshTokens.familyOf(refreshToken)
    if (!family) return
    refreshTokens.revoke(family)
    counters.sessionsLost += 1
  }

  async function item({ path, query }: Call, id: number, { claims }: CheckedToken): Promise<Response> {
    const latencyMs = Number(query.get('latencyMs') ?? 0)
    if (!(latencyMs >= 0 && latencyMs <= longestLatencyMs)) {
      return Response.json({ message: `latencyMs takes 0 to ${longestLatencyMs}` }, { status: 400 })
    }
    await sleep(latencyMs)
    if (path.startsWith('pictures/')) return drawPicture(id)
    return Response.json({ id, name: `Item ${id}`, owner: claims?.sub })
  }

  /** Counts by what it answers: whatever happens in between, the figures add up. */
  async function api(protocol: Protocol, call: Call, id: number): Promise<Response> {
    counters.requests += 1
    const token = await accessTokens.check(bearerToken(call.headers))
    if (token.status === 'valid') {
      counters.accepted += 1
      return item(call, id, token)
    }
    counters.refused += 1
    return refuse(protocol, token.status)
  }

  /** By the refresh token, spent or not: nobody should have to refresh in order to leave. */
  async function signOut(protocol: Protocol, call: Call): Promise<Response> {
    const { read, readSignOut = read, forget } = protocol
    const brought = readSignOut(call)
    const family = brought && (await refreshTokens.familyOf(brought.refreshToken))
    if (family) refreshTokens.revoke(family)
    forget?.(call.cookies)
    return new Response(null, { status: 204 })
  }

  /** For the demo alone: the server ends this token's life early and tells nobody. */
  async function expire(protocol: Protocol, call: Call): Promise<Response> {
    const { status, claims } = await accessTokens.check(bearerToken(call.headers))
    if (!claims) return refuse(protocol, status)
    accessTokens.endEarly(claims)
    return new Response(null, { status: 204 })
  }

  return async (protocol, call) => {
    const { method, path } = call
    if (method === 'GET') {
      const id = Number(/^(?:items|pictures)\/(\d{1,9})$/.exec(path)?.[1])
      return id >= 1 ? api(protocol, call, id) : null
    }
    if (method !== 'POST') return null
    switch (path) {
      case 'auth/login':
        return signIn(protocol, call)
      case 'auth/expire':
        return expire(protocol, call)
      case protocol.refreshPath:
        return refresh(protocol, call)
      case protocol.signOutPath:
        return signOut(protocol, call)
      default:
        return null
    }
  }
}

function refuse({ refuseCall = challenge }: Protocol, status: TokenStatus): Response {
  return refuseCall(status)
}

export function readJson(body: string): Record<string, unknown> {
  try {
    return Object(JSON.parse(body))
  } catch {
    return {}
  }
}

import { randomBytes, randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import { exportJWK, generateKeyPair } from 'jose'
import Provider, { type Configuration } from 'oidc-provider'
import { type Backing, listen, type Stage } from './backend.js'
import { createOidcDatabase, type OidcDatabase } from './oidc-database.js'

const clientId = 'spa'
const scope = 'openid offline_access'
const cookieKey = randomUUID()
const { privateKey } = await generateKeyPair('ES256', { extractable: true })
const signingKey = { ...(await exportJWK(privateKey)), alg: 'ES256' }

const nonceSecret = randomBytes(32)

export interface OidcBacking extends Backing {
  readonly database: OidcDatabase
  /** The server knows nothing any more of the access tokens that are out. */
  expire(): void
}

/**
 * oidc-provider with a public client: a refresh token is good for one use, and a second one ends all that came of the
 * sign-in. The API is its userinfo endpoint; the access tokens are opaque.
 *
 * @param isBound whether tokens are bound to a key of the client, and every proof of it has to hold a nonce (RFC 9449)
 */
export function createOidcServer(stage: Stage, isBound = false): OidcBacking {
  const database = createOidcDatabase()

  const configuration = (issuer: string): Configuration => ({
    adapter: database.adapter,
    clients: [
      {
        client_id: clientId,
        token_endpoint_auth_method: 'none',
        redirect_uris: [`${stage.pageOrigin}/?server=${issuer}`],
        grant_types: ['authorization_code', 'refresh_token'],
        id_token_signed_response_alg: 'ES256',
        scope,
        dpop_bound_access_tokens: isBound,
      },
    ],
    jwks: { keys: [signingKey] },
    cookies: { keys: [cookieKey] },
    clientBasedCORS: (_, origin) => origin === stage.pageOrigin,
    rotateRefreshToken: true,
    ttl: {
      AccessToken: () => stage.lifetimeS,
      IdToken: 600,
      RefreshToken: 3600,
      Grant: 3600,
      Session: 3600,
      Interaction: 60,
    },
    findAccount: (_, accountId) => ({ accountId, claims: () => ({ sub: accountId }) }),
    interactions: { url: (_, { uid }) => `/sign-in/${uid}` },
    features: {
      devInteractions: { enabled: false },
      dPoP: { enabled: isBound, nonceSecret, requireNonce: () => isBound },
      revocation: { enabled: true, allowedPolicy: (_, client, token) => token.clientId === client.clientId },
    },
  })

  return {
    database,
    async listen(port) {
      let handle = (_: IncomingMessage, response: ServerResponse): void => void response.destroy()
      const server = await listen((request, response) => handle(request, response), port)
      const issuer = `http://127.0.0.1:${server.port}`
      const provider = new Provider(issuer, configuration(issuer))
      count(provider, stage)
      const serve = provider.callback()
      handle = (request, response) =>
        void (request.url?.startsWith('/sign-in/')
          ? signIn(provider, request, response)
          : serve(request, response))
      return server
    },
    expire: () => database.removeAll((model) => model === 'AccessToken'),
    revoke: (user) => database.removeAll((_, { accountId }) => accountId === user),
  }
}

function count(provider: Provider, { counters }: Stage): void {
  provider.use(async (ctx, next) => {
    await next()
    const { route, params } = ctx.oidc ?? {}
    const isFine = ctx.status === 200
    if (route === 'userinfo') counters[isFine ? 'answered' : 'refused']++
    if (route === 'revocation' && isFine) counters.signOuts++
    if (route === 'token' && params?.grant_type === 'refresh_token') {
      counters[isFine ? 'refreshes' : 'refreshesRefused']++
    }
  })
}

/** The server's own page: a form that asks for a name, and takes it as leave for all that the app wants. */
async function signIn(provider: Provider, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.method !== 'POST') {
    response.setHeader('Content-Type', 'text/html')
    response.end('<form method="post"><input name="user" aria-label="User"><button>Sign in</button></form>')
    return
  }
  const accountId = new URLSearchParams(await text(request)).get('user') ?? ''
  const grant = new provider.Grant({ accountId, clientId })
  grant.addOIDCScope(scope)
  const result = { login: { accountId }, consent: { grantId: await grant.save() } }
  await provider.interactionFinished(request, response, result)
}

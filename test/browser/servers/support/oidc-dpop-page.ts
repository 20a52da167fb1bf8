import axios from 'axios'
import { withSession } from '../../../../src/axios.js'
import { createSession } from '../../../../src/index.js'
import { oauth2 } from '../../../../src/servers.js'
import { leaveToSignIn, tokenRequestOnReturn } from './code-flow.js'
import { exposeApp, serverUrl } from './expose-app.js'

const issuer = serverUrl()
const url = `${issuer}/token`
const clientId = 'spa'
const flow = { issuer, clientId, redirectUri: `${location.origin}/?server=${issuer}` }

const refresh = oauth2({ url, clientId, signOut: `${issuer}/token/revocation`, dpop: true })
const session = createSession({ refresh })
const api = withSession(axios.create({ baseURL: issuer }), session)

exposeApp({
  session,
  signIn: () => leaveToSignIn(flow),
  async getUser() {
    const { data } = await api.get<{ sub: string }>('/me')
    return data.sub
  },
})

/** The sign-in proves the key that the tokens are to be bound to, with the server's nonce where it wants one. */
async function exchange(body: URLSearchParams): Promise<Response> {
  const send = async (): Promise<Response> =>
    fetch(url, { method: 'POST', body, headers: await refresh.proof.headersFor({ method: 'POST', url }) })
  const first = await send()
  const { status, headers } = first
  const header = (name: string): string | null => headers.get(name)
  const wantsNonce = refresh.proof.heed({ status, header, body: await first.clone().json() }, url)
  return wantsNonce ? send() : first
}

const request = tokenRequestOnReturn(flow)
if (request) await session.setTokens(await exchange(request))

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

const request = tokenRequestOnReturn(flow)
// The sign-in proves the key that the tokens are bound to, with the server's nonce where it demands one.
const { fetch: send = fetch } = refresh
if (request) await session.setTokens(await send(url, { method: 'POST', body: request }))

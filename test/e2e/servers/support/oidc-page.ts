import axios from 'axios'
import { withSession } from '../../../../src/axios.js'
import { createSession } from '../../../../src/index.js'
import { oauth2 } from '../../../../src/servers.js'
import { leaveToSignIn, tokenRequestOnReturn } from './code-flow.js'
import { exposeApp, serverUrl } from './expose-app.js'

const issuer = serverUrl()
const clientId = 'spa'
const flow = { issuer, clientId, redirectUri: `${location.origin}/?server=${issuer}` }

const session = createSession({
  refresh: oauth2({ url: `${issuer}/token`, clientId, signOut: `${issuer}/token/revocation` }),
})
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
if (request) await session.setTokens(await axios.post(`${issuer}/token`, request))

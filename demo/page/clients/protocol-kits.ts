import type { RefreshEndpoint } from '../../../src/index.js'
import {
  aspnetPair,
  cookie,
  headerPair,
  jsonPair,
  oauth2,
  simpleJwt,
  springAuthorizationRefresh,
} from '../../../src/servers.js'
import { clientId } from '../../backend/protocols/client-id.js'
import type { ProtocolName } from '../../backend/protocols/names.js'

export interface ProtocolKit {
  endpoint(base: string): RefreshEndpoint
  /** The same for an app of one's own, to be copied. */
  code: string
}

/** The function of `latchkey/servers` for each protocol. */
export const kits: Readonly<Record<ProtocolName, ProtocolKit>> = {
  headers: {
    endpoint: (base) => headerPair({ url: `${base}auth/refresh`, signOut: `${base}auth/logout` }),
    code: codeWith('headerPair', { url: '/auth/refresh', signOut: '/auth/logout' }),
  },
  json: {
    endpoint: (base) => jsonPair({ url: `${base}auth/refresh`, signOut: `${base}auth/logout` }),
    code: codeWith('jsonPair', { url: '/auth/refresh', signOut: '/auth/logout' }),
  },
  cookie: {
    endpoint: (base) => cookie({ url: `${base}auth/refresh`, signOut: `${base}auth/logout` }),
    code: codeWith('cookie', { url: '/auth/refresh', signOut: '/auth/logout' }),
  },
  oauth: {
    endpoint: (base) => oauth2({ url: `${base}oauth/token`, clientId, signOut: `${base}oauth/revoke` }),
    code: codeWith('oauth2', { url: '/oauth/token', clientId, signOut: '/oauth/revoke' }),
  },
  django: {
    endpoint: (base) => simpleJwt({ url: `${base}token/refresh/`, signOut: `${base}token/blacklist/` }),
    code: codeWith('simpleJwt', { url: '/token/refresh/', signOut: '/token/blacklist/' }),
  },
  spring: {
    endpoint: (base) =>
      springAuthorizationRefresh({ url: `${base}auth/reissue`, signOut: `${base}auth/logout` }),
    code: codeWith('springAuthorizationRefresh', { url: '/auth/reissue', signOut: '/auth/logout' }),
  },
  aspnet: {
    endpoint: (base) => aspnetPair({ url: `${base}api/token/refresh`, signOut: `${base}api/token/revoke` }),
    code: codeWith('aspnetPair', { url: '/api/token/refresh', signOut: '/api/token/revoke' }),
  },
}

function codeWith(server: string, options: Record<string, string>): string {
  const fields = Object.entries(options).map(([name, value]) => `    ${name}: '${value}',\n`)
  return `import axios from 'axios'
import { createSession } from 'latchkey'
import { withSession } from 'latchkey/axios'
import { ${server} } from 'latchkey/servers'

export const session = createSession({
  refresh: ${server}({
${fields.join('')}  }),
})
export const api = withSession(axios.create(), session)

export async function signIn(credentials) {
  await session.setTokens(await axios.post('/auth/login', credentials))
}`
}

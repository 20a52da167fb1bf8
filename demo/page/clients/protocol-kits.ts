import type { RefreshEndpoint } from '../../../src/index.js'
import {
  aspnetPair,
  cookie,
  headerPair,
  oauth2,
  simpleJwt,
  springAuthorizationRefresh,
} from '../../../src/servers.js'
import type { ProtocolName } from '../../backend/protocols/names.js'

export interface ProtocolKit {
  endpoint(base: string): RefreshEndpoint
  /** The same for an app of one's own, to be copied. */
  code: string
}

/** How Latchkey is told which protocol the server speaks. */
export const kits: Readonly<Record<ProtocolName, ProtocolKit>> = {
  headers: {
    endpoint: (base) => headerPair({ url: `${base}auth/refresh` }),
    code: `import { createSession } from 'latchkey'

const session = createSession({
  refresh: '/auth/refresh',
})`,
  },
  json: {
    endpoint: (base) => ({ url: `${base}auth/refresh`, send: 'json' }),
    code: `import { createSession } from 'latchkey'

const session = createSession({
  refresh: { url: '/auth/refresh', send: 'json' },
})`,
  },
  cookie: {
    endpoint: (base) => cookie({ url: `${base}auth/refresh` }),
    code: codeWith('cookie', `cookie({ url: '/auth/refresh' })`),
  },
  oauth: {
    endpoint: (base) => oauth2({ url: `${base}oauth/token`, clientId: 'demo-page' }),
    code: codeWith('oauth2', `oauth2({ url: '/oauth/token', clientId: 'demo-page' })`),
  },
  django: {
    endpoint: (base) => simpleJwt({ url: `${base}token/refresh/` }),
    code: codeWith('simpleJwt', `simpleJwt({ url: '/token/refresh/' })`),
  },
  spring: {
    endpoint: (base) => springAuthorizationRefresh({ url: `${base}auth/reissue` }),
    code: codeWith('springAuthorizationRefresh', `springAuthorizationRefresh({ url: '/auth/reissue' })`),
  },
  aspnet: {
    endpoint: (base) => aspnetPair({ url: `${base}api/token/refresh` }),
    code: codeWith('aspnetPair', `aspnetPair({ url: '/api/token/refresh' })`),
  },
}

function codeWith(name: string, call: string): string {
  return `import { createSession } from 'latchkey'
import { ${name} } from 'latchkey/servers'

const session = createSession({
  refresh: ${call},
})`
}

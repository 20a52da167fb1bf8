import type { RefreshEndpoint } from '../../../src/index.js'
import type { ProtocolName } from '../../backend/protocols/names.js'

export interface ProtocolKit {
  endpoint(base: string): RefreshEndpoint
  /** What goes into `createSession`, to be copied. */
  code: string
}

/** How Latchkey is told which protocol the server speaks. */
export const kits: Readonly<Record<ProtocolName, ProtocolKit>> = {
  headers: {
    endpoint: (base) => ({ url: `${base}auth/refresh` }),
    code: `createSession({ refresh: '/auth/refresh' })`,
  },
  json: {
    endpoint: (base) => ({ url: `${base}auth/refresh`, send: 'json' }),
    code: `createSession({ refresh: { url: '/auth/refresh', send: 'json' } })`,
  },
  cookie: {
    endpoint: (base) => ({ url: `${base}auth/refresh`, send: 'cookie' }),
    code: `createSession({ refresh: { url: '/auth/refresh', send: 'cookie' } })`,
  },
  oauth: {
    endpoint: (base) => ({ url: `${base}oauth/token`, send: 'form', fields: { client_id: 'demo-page' } }),
    code: `createSession({
  refresh: { url: '/oauth/token', send: 'form', fields: { client_id: 'demo-page' } },
})`,
  },
  django: {
    endpoint: (base) => ({
      url: `${base}token/refresh/`,
      send: ({ refreshToken }) => ({
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ refresh: refreshToken }),
      }),
      parse: ({ body }) => {
        const { access, refresh } = Object(body)
        return access ? { accessToken: access, refreshToken: refresh } : null
      },
    }),
    code: `createSession({
  refresh: {
    url: '/token/refresh/',
    send: ({ refreshToken }) => ({
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ refresh: refreshToken }),
    }),
    parse: ({ body }) =>
      body.access ? { accessToken: body.access, refreshToken: body.refresh } : null,
  },
})`,
  },
  spring: {
    endpoint: (base) => ({
      url: `${base}auth/reissue`,
      send: ({ refreshToken }) => ({ headers: { 'Authorization-refresh': `Bearer ${refreshToken}` } }),
      names: { refreshToken: 'Authorization-refresh' },
      classify: ({ status }) => (status === 200 ? 'ended' : 'retry'),
    }),
    code: `createSession({
  refresh: {
    url: '/auth/reissue',
    send: ({ refreshToken }) => ({
      headers: { 'Authorization-refresh': \`Bearer \${refreshToken}\` },
    }),
    names: { refreshToken: 'Authorization-refresh' },
    classify: ({ status }) => (status === 200 ? 'ended' : 'retry'),
  },
})`,
  },
  aspnet: {
    endpoint: (base) => ({
      url: `${base}api/token/refresh`,
      send: 'json',
      classify: ({ status }) => (status === 400 ? 'ended' : 'retry'),
    }),
    code: `createSession({
  refresh: {
    url: '/api/token/refresh',
    send: 'json',
    classify: ({ status }) => (status === 400 ? 'ended' : 'retry'),
  },
})`,
  },
}

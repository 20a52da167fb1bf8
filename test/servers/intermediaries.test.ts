// @vitest-environment node
import { describe, expect, test } from 'vitest'
import { judgeReply } from '../../src/http/refresh-reply.js'
import { parseJson } from '../../src/http/reply.js'
import type { RefreshEndpoint } from '../../src/index.js'
import * as servers from '../../src/servers.js'

const { accessTokenHeader, tokensAt, tokensInHeaders, ...protocols } = servers
type Protocol = (options: object) => RefreshEndpoint
const all = (Object.entries(protocols) as unknown as [string, Protocol][]).map(
  ([name, protocol]): [string, RefreshEndpoint] => [
    name,
    protocol({ url: '/refresh', ...(/^(oauth2|cognito)$/.test(name) && { clientId: 'spa' }) }),
  ],
)

const page = '<!doctype html><title>App</title><div id="root"></div>'
const xml = '<?xml version="1.0"?><Error><Code>AccessDenied</Code></Error>'

function verdictOf(endpoint: RefreshEndpoint, status: number, text: string, type?: string): string {
  const headers = new Headers(type === undefined ? {} : { 'Content-Type': type })
  const reply = { status, header: (name: string) => headers.get(name), body: parseJson(text) }
  return judgeReply(reply, endpoint, 0, { accessToken: 'access-1', refreshToken: 'refresh-1' }).kind
}

describe.each(all)('%s: a page of somebody in between ends no session', (_, endpoint) => {
  test.each([200, 203, 302, 400, 403, 404, 405, 422, 429, 500, 502, 503])('with status %d', (status) => {
    const verdicts = [
      verdictOf(endpoint, status, page, 'text/html; charset=utf-8'),
      verdictOf(endpoint, status, page, 'text/plain'),
      verdictOf(endpoint, status, page),
      verdictOf(endpoint, status, '', 'text/html'),
      verdictOf(endpoint, status, 'Blocked', 'text/html'),
      verdictOf(endpoint, status, xml, 'application/xml'),
    ]
    expect(verdicts).not.toContain('ended')
    expect(verdicts).not.toContain('refreshed')
  })
})

test.each(all)(
  '%s: a 401 is the word of the auth server, whatever comes with it, but for OAuth',
  (name, endpoint) => {
    expect(verdictOf(endpoint, 401, page, 'text/html')).toBe(name === 'oauth2' ? 'misconfigured' : 'ended')
  },
)

test.each<[string, RefreshEndpoint, number, string, string?]>([
  ['springAuthorizationRefresh, nothing', servers.springAuthorizationRefresh({ url: '/refresh' }), 200, ''],
  [
    'aspnetPair, a text',
    servers.aspnetPair({ url: '/refresh' }),
    400,
    'Invalid client request',
    'text/plain',
  ],
  [
    'aspnetPair, JSON',
    servers.aspnetPair({ url: '/refresh' }),
    400,
    '{"title":"Bad Request"}',
    'application/problem+json',
  ],
  ['aspnetPair, nothing', servers.aspnetPair({ url: '/refresh' }), 400, ''],
  [
    'flaskJwtExtended, JSON',
    servers.flaskJwtExtended({ url: '/refresh' }),
    422,
    '{"msg":"no"}',
    'application/json',
  ],
  ['cookie, a text', servers.cookie({ url: '/refresh' }), 403, 'Forbidden', 'text/plain'],
  [
    'cookie, JSON that names what is missing',
    servers.cookie({ url: '/refresh' }),
    400,
    '{"message":"Missing refresh token"}',
    'application/json',
  ],
  [
    'fastapiJwtAuth, JSON',
    servers.fastapiJwtAuth({ url: '/refresh' }),
    422,
    '{"detail":"Signature has expired"}',
    'application/json',
  ],
  ['cookie, nothing', servers.cookie({ url: '/refresh' }), 403, ''],
])('what the server itself answers ends the session still: %s', (_, endpoint, status, text, type) => {
  expect(verdictOf(endpoint, status, text, type)).toBe('ended')
})

/** Names that this library or axios looks for, and what would do harm if it were found on `Object.prototype`. */
export function pollution(evil: string, hear: (what: unknown) => void): [name: string, value: unknown][] {
  const listen = (what: unknown): null => {
    hear(what)
    return null
  }
  const ofSession = {
    refresh: `${evil}/refresh`,
    store: { read: () => null, write: listen },
    name: 'polluted',
    allowedOrigins: [evil],
    refreshTimeoutMs: 1,
    refreshAheadMs: 1e9,
    isExpired: () => true,
    debug: listen,
  }
  const ofEndpoint = {
    url: `${evil}/refresh`,
    method: 'GET',
    send: () => ({ headers: { 'X-Polluted': '1' } }),
    query: { polluted: '1' },
    timing: 'after-expiry',
    credentials: 'include',
    parse: listen,
    classify: () => 'ended',
    onReply: listen,
    signOut: listen,
    authorize: (what: unknown) => ({ 'X-Polluted': String(listen(what)) }),
    silentStart: true,
    fetch: (...what: unknown[]) => Promise.reject(listen(what)),
    names: { accessToken: 'X-Access', refreshToken: 'X-Refresh' },
    fields: { 'X-Polluted': '1' },
  }
  const ofRequests = {
    latchkey: false,
    attach: false,
    adapter: (config: unknown) => Promise.reject(listen(config)),
    baseURL: evil,
    allowAbsoluteUrls: false,
    auth: { username: 'a', password: 'b' },
    params: { polluted: 1 },
    headers: { Authorization: 'Bearer polluted' },
    Authorization: 'Bearer polluted',
    authorization: 'Bearer polluted',
    transformRequest: [listen],
    transformResponse: [() => ({ user: 'eve' })],
    validateStatus: () => true,
    proxy: { host: evil },
    withCredentials: true,
    env: { Request: listen, Response: listen, fetch: listen },
  }
  const ofStores = { read: listen, write: listen, replace: listen, close: listen, subscribe: listen }
  const ofTokens = {
    accessToken: 'polluted',
    refreshToken: 'polluted',
    expiresIn: 1,
    access_token: 'polluted',
    token_type: 'mac',
    data: { accessToken: 'polluted' },
    error: 'invalid_grant',
    exp: 1,
    session: 'polluted',
    generation: 1e9,
    version: 2,
    expiresAt: 1,
  }
  const harmful: [string, unknown][] = [
    ...Object.entries({ ...ofSession, ...ofEndpoint, ...ofRequests, ...ofStores, ...ofTokens }),
    ['signOut', `${evil}/sign-out`],
  ]
  // What comes by way of JSON is no function.
  const dull = harmful.map(([name]): [string, unknown] => [name, 'polluted'])
  return [...harmful, ...dull]
}

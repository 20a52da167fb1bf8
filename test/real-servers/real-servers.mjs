/** @typedef {(url: string, init: RequestInit) => Promise<Response>} Send */
/** @typedef {import('../../src/index.js').RefreshEndpoint} RefreshEndpoint */

/**
 * @typedef {object} RealServer
 * @property {string} name
 * @property {string} by how its endpoint is made
 * @property {string} [folder] for what is installed, where it is not `name`
 * @property {string} program in programs/
 * @property {string[]} [npm] packages with their versions, the one that counts first
 * @property {string} [node] the version of Node that they need, which npm has too
 * @property {Record<string, string>} [overrides] versions of what they depend on
 * @property {string[]} [compiled] those of them that are compiled when they are installed
 * @property {string[]} [gems] with their versions, the one that counts first, beside those of Debian
 * @property {string[]} [composer] packages with their versions, the one that counts first, beside those of Debian
 * @property {{ packages: string[], modules?: string[] }} [debian] packages of Debian, and the names that Python has for them
 * @property {string} refreshPath
 * @property {string} apiPath behind the server's own guard
 * @property {(servers: typeof import('../../src/servers.js'), url: string) => RefreshEndpoint | Promise<RefreshEndpoint>} endpoint
 * @property {(url: string, send: Send) => Promise<Response>} signIn
 * @property {() => { fetch: Send }} [client] for what a browser would do by itself, such as keeping cookies
 * @property {boolean} forgivesLostReply whether a refresh token that was used may be used again
 * @property {boolean} [hasOneToken] which is refreshed by itself
 * @property {boolean} [signOutRevokes] whether its sign-out spends the refresh token
 * @property {boolean} [signOutNeedsAccessToken] whether its sign-out refuses an access token that has expired
 * @property {boolean} [revokes] false where its program has no /test/revoke
 * @property {string} [rubbish] a token for the refresh that it never issued
 * @property {number} [lifetime] of an access token, in seconds, for a server that needs more than the usual 2 for twenty calls
 * @property {number} [recoveryMs]
 */

/**
 * @param {string} url
 * @param {unknown} body
 */
const postJson = (url, body) =>
  fetch(url, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) })

/**
 * @param {string} url
 * @param {Record<string, string>} fields
 */
const postForm = (url, fields) => fetch(url, { method: 'POST', body: new URLSearchParams(fields) })

const ada = { username: 'ada', password: 'lovelace' }

/** Keeps cookies as a browser does, as far as one server on one origin needs it. */
function cookieJar() {
  /** @type {Map<string, string>} */
  const cookies = new Map()
  return {
    /** @type {Send} */
    async fetch(url, init) {
      const headers = new Headers(init.headers)
      headers.set('Cookie', [...cookies].map(([name, value]) => `${name}=${value}`).join('; '))
      headers.set('Origin', new URL(url).origin)
      const response = await fetch(url, { ...init, headers })
      for (const line of response.headers.getSetCookie()) {
        const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
        if (/max-age=0\b/i.test(line) || value === '') cookies.delete(name)
        else cookies.set(name, value)
      }
      return response
    },
  }
}

/** A JWT that is well formed, and that nobody signed with the server's key. */
const strangeJwt =
  'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJhZGEiLCJ0eXBlIjoicmVmcmVzaCIsImV4cCI6NDEwMjQ0NDgwMH0.c3RyYW5nZS1zaWduYXR1cmUtb2YtMzItYnl0ZXMtISE'

/**
 * The server of Laravel Passport, whose refusals have been others since its version 9.
 *
 * @param {string} name
 * @param {string} version
 * @returns {RealServer}
 */
const leagueServer = (name, version) => ({
  name,
  by: 'oauth2',
  program: 'league_oauth2_server.php',
  composer: [`league/oauth2-server:${version}`, 'nyholm/psr7:1.8.2', 'nyholm/psr7-server:1.1.0'],
  debian: { packages: ['php-cli', 'php-mbstring', 'php-sqlite3', 'composer'] },
  refreshPath: '/oauth/token',
  apiPath: '/me',
  endpoint: (servers, url) => servers.oauth2({ url: `${url}/oauth/token`, clientId: 'spa' }),
  signIn: (url) => postForm(`${url}/oauth/token`, { grant_type: 'password', client_id: 'spa', ...ada }),
  // PHP's own server takes one request at a time.
  lifetime: 5,
  forgivesLostReply: false,
  rubbish: 'rubbish',
})

const strapiServer = {
  program: 'strapi.mjs',
  folder: 'strapi',
  npm: ['@strapi/strapi@5.54.0', '@strapi/plugin-users-permissions@5.54.0', 'better-sqlite3@13.2.0'],
  // For its database driver, which comes compiled for Node 22 and later.
  node: '24.22.3',
  refreshPath: '/api/auth/refresh',
  apiPath: '/api/users/me',
  forgivesLostReply: false,
}

const directusServer = {
  program: 'directus.mjs',
  folder: 'directus',
  npm: ['directus@12.4.0'],
  node: '22.21.1',
  // It only runs extensions; this version comes compiled.
  overrides: { 'isolated-vm': '6.2.0' },
  compiled: ['sqlite3'],
  refreshPath: '/auth/refresh',
  apiPath: '/users/me',
  forgivesLostReply: false,
}

/** @type {RealServer[]} */
export const realServers = [
  {
    name: 'flask-jwt-extended',
    by: 'flaskJwtExtended',
    program: 'flask_jwt_extended_app.py',
    debian: {
      packages: ['python3-python-flask-jwt-extended'],
      modules: ['Flask-JWT-Extended', 'Flask', 'PyJWT'],
    },
    refreshPath: '/refresh',
    apiPath: '/me',
    endpoint: (servers, url) => servers.flaskJwtExtended({ url: `${url}/refresh` }),
    signIn: (url) => postJson(`${url}/login`, ada),
    forgivesLostReply: true,
    rubbish: strangeJwt,
  },
  {
    name: 'fastapi',
    by: 'fastapi, an app with OAuth2PasswordBearer (401)',
    program: 'fastapi_app.py',
    debian: {
      packages: ['python3-fastapi', 'python3-uvicorn', 'python3-jwt', 'python3-multipart'],
      modules: ['fastapi', 'uvicorn', 'PyJWT'],
    },
    refreshPath: '/auth/refresh',
    apiPath: '/me',
    endpoint: (servers, url) => servers.fastapi({ url: `${url}/auth/refresh` }),
    signIn: (url) => postForm(`${url}/auth/token`, ada),
    forgivesLostReply: false,
    rubbish: strangeJwt,
  },
  {
    name: 'fastapi-http-bearer',
    by: 'fastapi, an app with HTTPBearer (403)',
    program: 'fastapi_app.py',
    debian: {
      packages: ['python3-fastapi', 'python3-uvicorn', 'python3-jwt', 'python3-multipart'],
      modules: ['fastapi', 'uvicorn', 'PyJWT'],
    },
    refreshPath: '/auth/refresh',
    apiPath: '/bearer/me',
    endpoint: (servers, url) => servers.fastapi({ url: `${url}/auth/refresh` }),
    signIn: (url) => postForm(`${url}/auth/token`, ada),
    forgivesLostReply: false,
    rubbish: strangeJwt,
  },
  {
    name: 'simplejwt',
    by: 'simpleJwt, with rotation and blacklist',
    program: 'simplejwt_app.py',
    debian: {
      packages: ['python3-djangorestframework-simplejwt'],
      modules: ['djangorestframework-simplejwt', 'djangorestframework', 'Django'],
    },
    refreshPath: '/api/token/refresh/',
    apiPath: '/me/',
    endpoint: (servers, url) => servers.simpleJwt({ url: `${url}/api/token/refresh/` }),
    signIn: (url) => postJson(`${url}/api/token/`, ada),
    forgivesLostReply: false,
    rubbish: strangeJwt,
  },
  {
    name: 'django-oauth-toolkit',
    by: 'oauth2',
    program: 'django_oauth_toolkit_app.py',
    debian: {
      packages: ['python3-django-oauth-toolkit', 'python3-djangorestframework'],
      modules: ['django-oauth-toolkit', 'oauthlib', 'Django'],
    },
    refreshPath: '/o/token/',
    apiPath: '/me/',
    endpoint: (servers, url) =>
      servers.oauth2({ url: `${url}/o/token/`, clientId: 'spa', signOut: `${url}/o/revoke_token/` }),
    signIn: (url) =>
      postForm(`${url}/o/token/`, { grant_type: 'password', client_id: 'spa', scope: 'read', ...ada }),
    forgivesLostReply: false,
    signOutRevokes: true,
    rubbish: 'rubbish',
  },
  {
    name: 'doorkeeper',
    by: 'oauth2',
    program: 'doorkeeper_app.rb',
    debian: { packages: ['ruby-doorkeeper', 'ruby-rails', 'ruby-sqlite3', 'ruby-webrick'] },
    refreshPath: '/oauth/token',
    apiPath: '/me',
    endpoint: (servers, url) =>
      servers.oauth2({ url: `${url}/oauth/token`, clientId: 'spa', signOut: `${url}/oauth/revoke` }),
    signIn: (url) => postForm(`${url}/oauth/token`, { grant_type: 'password', client_id: 'spa', ...ada }),
    // Until an access token of the new pair is used.
    forgivesLostReply: true,
    signOutRevokes: true,
    rubbish: 'rubbish',
  },
  {
    name: 'authlib',
    by: 'oauth2',
    program: 'authlib_app.py',
    debian: { packages: ['python3-authlib', 'python3-flask'], modules: ['Authlib', 'Flask'] },
    refreshPath: '/token',
    apiPath: '/me',
    endpoint: (servers, url) =>
      servers.oauth2({ url: `${url}/token`, clientId: 'spa', signOut: `${url}/revoke` }),
    signIn: (url) => postForm(`${url}/token`, { grant_type: 'password', client_id: 'spa', ...ada }),
    forgivesLostReply: false,
    signOutRevokes: true,
    rubbish: 'rubbish',
  },
  {
    name: 'node-oauth2-server',
    by: 'oauth2',
    program: 'node-oauth2-server.mjs',
    npm: ['@node-oauth/oauth2-server@5.3.0', 'express@5.3.0'],
    refreshPath: '/token',
    apiPath: '/me',
    endpoint: (servers, url) => servers.oauth2({ url: `${url}/token`, clientId: 'spa' }),
    signIn: (url) => postForm(`${url}/token`, { grant_type: 'password', client_id: 'spa', ...ada }),
    forgivesLostReply: false,
    rubbish: 'rubbish',
  },
  {
    name: 'better-auth',
    by: "cookie, with its plugin 'jwt'",
    program: 'better-auth.mjs',
    npm: ['better-auth@1.7.25', 'jose@6.2.17'],
    refreshPath: '/api/auth/token',
    apiPath: '/me',
    client: cookieJar,
    endpoint: (servers, url) => ({
      ...servers.cookie({
        url: `${url}/api/auth/token`,
        names: { accessToken: 'token' },
        signOut: `${url}/api/auth/sign-out`,
        silentStart: false,
      }),
      method: 'GET',
    }),
    async signIn(url, send) {
      await send(`${url}/api/auth/sign-in/email`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ email: 'ada@example.com', password: 'lovelace' }),
      })
      return send(`${url}/api/auth/token`, {})
    },
    forgivesLostReply: true,
  },
  {
    name: 'cognito-local',
    by: 'cognito',
    program: 'cognito-local.mjs',
    npm: ['cognito-local@5.3.0'],
    refreshPath: '/',
    apiPath: '/me',
    async endpoint(servers, url) {
      const { ClientId } = await (await fetch(`${url}/test/client`)).json()
      return servers.cognito({ url: `${url}/`, clientId: ClientId, signOut: `${url}/` })
    },
    signIn: (url) => fetch(`${url}/test/sign-in`),
    forgivesLostReply: true,
    rubbish: 'rubbish',
  },
  {
    name: 'firebase-emulator',
    by: 'firebase',
    program: 'firebase-emulator.mjs',
    npm: ['firebase-tools@15.34.2'],
    refreshPath: '/securetoken.googleapis.com/v1/token',
    apiPath: '/me',
    endpoint: (servers, url) =>
      servers.firebase({ url: `${url}/securetoken.googleapis.com/v1/token?key=key` }),
    signIn: (url) => fetch(`${url}/test/sign-in`),
    forgivesLostReply: true,
    rubbish: 'rubbish',
  },
  {
    ...strapiServer,
    name: 'strapi',
    by: "strapi, with jwtManagement: 'refresh'",
    endpoint: (servers, url) =>
      servers.strapi({ url: `${url}/api/auth/refresh`, signOut: `${url}/api/auth/logout` }),
    signIn: (url) => postJson(`${url}/api/auth/local`, { identifier: 'ada', password: 'lovelace' }),
    signOutRevokes: true,
    signOutNeedsAccessToken: true,
    rubbish: strangeJwt,
  },
  {
    ...strapiServer,
    name: 'strapi-cookie',
    by: "cookie, with jwtManagement: 'refresh' and httpOnly, without X-Requested-With",
    client: cookieJar,
    endpoint: (servers, url) =>
      servers.cookie({
        url: `${url}/api/auth/refresh`,
        names: { accessToken: 'jwt' },
        xRequestedWith: false,
        silentStart: false,
      }),
    signIn: (url, send) =>
      send(`${url}/api/auth/local`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ identifier: 'ada', password: 'lovelace' }),
      }),
  },
  {
    ...directusServer,
    name: 'directus',
    by: 'directus',
    endpoint: (servers, url) =>
      servers.directus({ url: `${url}/auth/refresh`, signOut: `${url}/auth/logout` }),
    signIn: (url) => postJson(`${url}/auth/login`, { email: 'ada@example.com', password: 'lovelace' }),
    signOutRevokes: true,
    rubbish: 'rubbish',
  },
  {
    ...directusServer,
    name: 'directus-cookie',
    by: 'cookie, without X-Requested-With',
    client: cookieJar,
    endpoint: (servers, url) =>
      servers.cookie({
        url: `${url}/auth/refresh`,
        signOut: `${url}/auth/logout`,
        xRequestedWith: false,
        silentStart: false,
      }),
    signIn: (url, send) =>
      send(`${url}/auth/login`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ email: 'ada@example.com', password: 'lovelace', mode: 'cookie' }),
      }),
  },
  {
    name: 'gin-jwt',
    by: 'ginJwt',
    program: 'gin-jwt.go',
    debian: { packages: ['golang-github-appleboy-gin-jwt-dev', 'golang-go'] },
    refreshPath: '/auth/refresh_token',
    apiPath: '/me',
    endpoint: (servers, url) =>
      servers.ginJwt({ url: `${url}/auth/refresh_token`, signOut: `${url}/logout` }),
    signIn: (url) => postJson(`${url}/login`, ada),
    hasOneToken: true,
    forgivesLostReply: true,
    rubbish: strangeJwt,
  },
  {
    name: 'jwt-sessions',
    by: 'railsJwtSessions',
    program: 'jwt_sessions_app.rb',
    gems: ['jwt_sessions:3.2.4'],
    debian: { packages: ['ruby-rails', 'ruby-webrick'] },
    refreshPath: '/refresh',
    apiPath: '/me',
    endpoint: (servers, url) => servers.railsJwtSessions({ url: `${url}/refresh`, signOut: `${url}/logout` }),
    signIn: (url) => postJson(`${url}/login`, ada),
    // Its protection against theft takes the second try for one, while the access token that was lost is good.
    forgivesLostReply: false,
    signOutRevokes: true,
    rubbish: strangeJwt,
  },
  leagueServer('league-oauth2-server', '9.3.0'),
  leagueServer('league-oauth2-server-8', '8.5.5'),
]

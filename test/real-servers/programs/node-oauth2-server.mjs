import { randomUUID } from 'node:crypto'
import { createRequire } from 'node:module'
import { join } from 'node:path'

const { PORT, LIFETIME, MODULES = '' } = process.env
const require = createRequire(join(MODULES, 'here.js'))
const express = require('express')
const OAuth2Server = require('@node-oauth/oauth2-server')

const client = { id: 'spa', grants: ['password', 'refresh_token'] }
const tokens = new Map()
const refreshTokens = new Map()

const server = new OAuth2Server({
  accessTokenLifetime: Number(LIFETIME),
  requireClientAuthentication: { password: false, refresh_token: false },
  model: {
    getClient: async (id) => (id === client.id ? client : null),
    getUser: async (username) => ({ username }),
    generateAccessToken: async () => randomUUID(),
    generateRefreshToken: async () => randomUUID(),
    async saveToken(token, client, user) {
      const saved = { ...token, client, user }
      tokens.set(token.accessToken, saved)
      refreshTokens.set(token.refreshToken, saved)
      return saved
    },
    getAccessToken: async (token) => tokens.get(token),
    getRefreshToken: async (token) => refreshTokens.get(token),
    revokeToken: async ({ refreshToken }) => refreshTokens.delete(refreshToken),
  },
})

const answer = (step) => async (request, response) => {
  const reply = new OAuth2Server.Response(response)
  try {
    const result = await step(new OAuth2Server.Request(request), reply)
    response.status(reply.status ?? 200).set(reply.headers)
    response.json(reply.body && Object.keys(reply.body).length ? reply.body : { name: result.user.username })
  } catch (error) {
    response.status(error.code ?? 500).set(reply.headers)
    response.json({ error: error.name, error_description: error.message })
  }
}

express()
  .use(express.urlencoded({ extended: false }))
  .post(
    '/token',
    answer((request, response) => server.token(request, response)),
  )
  .get(
    '/me',
    answer((request, response) => server.authenticate(request, response)),
  )
  .post('/test/revoke', (_, response) => {
    refreshTokens.clear()
    response.json({ ok: true })
  })
  .listen(Number(PORT), '127.0.0.1')

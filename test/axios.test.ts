import axios from 'axios'
import { HttpResponse, http } from 'msw'
import { setupServer } from 'msw/node'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { withSession } from '../src/axios.js'
import { createSession } from '../src/index.js'

const server = setupServer()
beforeAll(() => server.listen({ onUnhandledRequest: 'error' }))
afterEach(() => server.resetHandlers())
afterAll(() => server.close())

test('fifty concurrent 401s cause one refresh', async () => {
  let refreshes = 0
  let hits = 0
  server.use(
    http.post('http://app.test/auth/refresh', ({ request }) => {
      refreshes++
      expect(request.headers.get('authorization')).toBe('Bearer old')
      expect(request.headers.get('refresh')).toBe('R1')
      return HttpResponse.json({ accessToken: 'new', refreshToken: 'R2' })
    }),
    http.get('http://app.test/api/me', ({ request }) => {
      hits++
      return request.headers.get('authorization') === 'Bearer new'
        ? HttpResponse.json({ ok: true })
        : HttpResponse.json({}, { status: 401 })
    }),
  )
  const session = createSession({ refresh: '/auth/refresh', store: 'memory' })
  const api = withSession(axios.create({ baseURL: 'http://app.test/api' }), session)
  await session.setTokens({ accessToken: 'old', refreshToken: 'R1' })
  const replies = await Promise.all(Array.from({ length: 50 }, () => api.get('/me')))
  expect(replies.every(({ status }) => status === 200)).toBe(true)
  expect(refreshes).toBe(1)
  expect(hits).toBe(100)
  session.dispose()
})

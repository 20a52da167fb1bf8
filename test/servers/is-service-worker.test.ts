import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { cookie } from '../../src/servers.js'

const tokens = { accessToken: 'access-1' }

describe('a refresh cookie in a service worker, which sees neither cookies nor localStorage', () => {
  beforeEach(() => void vi.stubGlobal('ServiceWorkerGlobalScope', class {}))
  afterEach(() => void vi.unstubAllGlobals())

  test('is not asked at the start: a sign-out that the pages remember is not undone', () => {
    expect(cookie({ url: '/auth/refresh' }).silentStart).toBe(false)
  })

  test('makes no call where the CSRF token is in a cookie: a refusal would end the session', () => {
    const endpoint = cookie({ url: '/auth/refresh', csrf: { header: 'X-CSRF-Token', from: 'csrf' } })
    expect(() => endpoint.send(tokens)).toThrow(TypeError)
  })

  test('is asked where the CSRF token comes from elsewhere', () => {
    const endpoint = cookie({ url: '/auth/refresh', csrf: { header: 'X-CSRF-Token', from: () => 'token' } })
    expect(endpoint.send(tokens)?.headers).toMatchObject({ 'X-CSRF-Token': 'token' })
  })
})

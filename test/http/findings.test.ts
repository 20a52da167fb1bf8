// @vitest-environment node
// What fuzzing has found (test/fuzz), each as one plain claim.
import axios from 'axios'
import { describe, expect, test } from 'vitest'
import { createConfigPolicy, finalUrlOf } from '../../src/axios/request-url.js'
import { createOriginPolicy } from '../../src/http/origin-policy.js'

describe('a base URL without a host lets no path choose one', () => {
  const page = 'http://localhost:3000/p/'
  const policy = createOriginPolicy(['http://localhost:3000'], () => page)

  test.each([
    ['//', '\t/evil.com'],
    ['//', '\\evil.com'],
    ['http:///', '\\evil.com'],
    ['http:///', '\n/evil.com'],
  ])('%j and %j', (baseURL, url) => {
    expect(new URL(finalUrlOf({ baseURL, url }), page).host).toBe('evil.com')
    const judge = createConfigPolicy(axios.create({ baseURL: page }), policy, () => page)
    expect(judge({ baseURL, url })).toBe('foreign')
  })
})

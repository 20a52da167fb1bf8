// @vitest-environment node
// What fuzzing has found (test/fuzz), each as one plain claim.
import axios from 'axios'
import { describe, expect, test } from 'vitest'
import { createUrlJudge, finalUrlOf } from '../../src/axios/url-judge.js'
import { createRequestPolicy } from '../../src/http/request-policy.js'

describe('a base URL without a host lets no path choose one', () => {
  const page = 'http://localhost:3000/p/'
  const policy = createRequestPolicy(['http://localhost:3000'], () => page)

  test.each([
    ['//', '\t/evil.com'],
    ['//', '\\evil.com'],
    ['http:///', '\\evil.com'],
    ['http:///', '\n/evil.com'],
  ])('%j and %j', (baseURL, url) => {
    expect(new URL(finalUrlOf({ baseURL, url }), page).host).toBe('evil.com')
    const judge = createUrlJudge(axios.create({ baseURL: page }), policy, () => page)
    expect(judge({ baseURL, url })).toBe('foreign')
  })
})

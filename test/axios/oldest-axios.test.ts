/// <reference types="vite/types/importMeta.d.ts" />
import axios from 'axios'
import oldest from 'axios-oldest'
import { describe, expect, test, vi } from 'vitest'
import { withSession } from '../../src/axios.js'
import { createSession, memoryStore } from '../../src/index.js'
import { headerPair } from '../../src/servers.js'

// The other end of the range of versions: the library and the tests alike are given this one.
vi.mock('axios', () => import('axios-oldest'))

test('this file runs on axios 1.15.2, the oldest that is supported, and the others on the newest', async () => {
  const newest = await vi.importActual<typeof import('axios')>('axios')
  expect(axios.VERSION).toBe('1.15.2')
  expect(newest.default.VERSION).not.toBe('1.15.2')

  // The library makes its errors by the axios that it imports.
  const session = createSession({ refresh: headerPair({ url: '/refresh' }), store: memoryStore() })
  await session.setTokens({ accessToken: 'access-1' })
  const failure = withSession(axios.create(), session).get('http://user:password@app.test/')
  const error = await failure.catch((error) => error)
  expect(error.code).toBe('UNSAFE_URL')
  expect(error).toBeInstanceOf(oldest.AxiosError)
  expect(error).not.toBeInstanceOf(newest.AxiosError)
  session.dispose()
})

const themes = Object.entries(import.meta.glob(['./*.test.ts', '!./oldest-axios.test.ts']))

describe.each(themes)('axios 1.15.2: %s', async (_, load) => {
  await load()
})

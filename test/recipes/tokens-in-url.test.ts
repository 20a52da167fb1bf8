import { afterEach, expect, test } from 'vitest'
import { openSession } from '../support/guarded-api.js'
import { takeTokensFromUrl } from './code/tokens-in-url.js'

afterEach(() => history.replaceState(null, '', '/'))

const comeBack = (hash: string): void => history.replaceState({ step: 1 }, '', `/callback?next=cart${hash}`)

test('tokens in the fragment sign in, and are out of the address bar before anything else happens', async () => {
  comeBack('#access_token=access-1&refresh_token=refresh-1&state=s1')
  const session = openSession()
  const taken = takeTokensFromUrl(session, 's1')
  expect(location.pathname + location.search + location.hash).toBe('/callback?next=cart')
  expect(history.state).toEqual({ step: 1 })
  expect(await taken).toBe(true)
  expect(await session.getAccessToken()).toBe('access-1')
})

test.each(['s2', null])(
  'tokens that the page has not asked for, with state %j kept, are removed and not used',
  async (kept) => {
    comeBack('#access_token=access-1&state=s1')
    const session = openSession()
    expect(await takeTokensFromUrl(session, kept)).toBe(false)
    expect(location.hash).toBe('')
    await session.ready
    expect(session.state.status).toBe('signed-out')
  },
)

test('a page without tokens keeps its fragment', async () => {
  comeBack('#chapter-2')
  expect(await takeTokensFromUrl(openSession(), 's1')).toBe(false)
  expect(location.hash).toBe('#chapter-2')
})

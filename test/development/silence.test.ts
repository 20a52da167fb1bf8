import { HttpResponse } from 'msw'
import { describe, expect, test, vi } from 'vitest'
import { withSession } from '../../src/axios.js'
import { withSession as guardFetch } from '../../src/fetch.js'
import type { Session, SessionEvent } from '../../src/index.js'
import { cookie, jsonRefresh } from '../../src/servers.js'
import { json } from '../servers/support/claims.js'
import { useBackend } from '../support/backend.js'
import { guard, openSession, signIn } from '../support/guarded-api.js'

const backend = useBackend()
const elsewhere = 'https://elsewhere.test'

function warningsOf(session: Session): (SessionEvent & { type: 'warning' })[] {
  const warnings: (SessionEvent & { type: 'warning' })[] = []
  session.on((event) => event.type === 'warning' && warnings.push(event))
  return warnings
}

describe('a request that goes to another origin without the token', () => {
  test('is told once per origin, whatever the client, and in the lines of debug', async () => {
    backend.answer = () => json({})
    const lines: string[] = []
    const { session, api } = await signIn({ debug: (line) => lines.push(line) })
    const warnings = warningsOf(session)
    const wrapped = guardFetch((input, init) => fetch(input, init), session)
    await api.get(`${elsewhere}/one?secret=1`)
    await api.get(`${elsewhere}/two`)
    await wrapped(`${elsewhere}/three`)
    await wrapped('https://third.test/')
    expect(warnings.map(({ code }) => code)).toEqual(['SENT_WITHOUT_TOKEN', 'SENT_WITHOUT_TOKEN'])
    expect(warnings[0]?.message).toContain(`${elsewhere} went out without the access token`)
    expect(warnings[0]?.message).toContain('allowedOrigins')
    expect(warnings[0]?.message).not.toContain('secret')
    expect(lines.filter((line) => line.includes('SENT_WITHOUT_TOKEN'))).toHaveLength(2)
  })

  test('by plain http is told to use https', async () => {
    backend.answer = () => json({})
    const { session, api } = await signIn({})
    const warnings = warningsOf(session)
    await api.get('http://elsewhere.test/')
    expect(warnings[0]?.message).toContain('Use https')
  })

  test('is none where nobody is signed in, or the app means it so', async () => {
    backend.answer = () => json({})
    const session = openSession()
    const warnings = warningsOf(session)
    const api = guard(session)
    const wrapped = guardFetch((input, init) => fetch(input, init), session)
    await api.get(elsewhere)
    await session.setTokens({ accessToken: 'access-1' })
    await api.get(elsewhere, { latchkey: false })
    await api.get(elsewhere, { headers: { Authorization: 'Basic eDp5' } })
    await api.get(`${elsewhere}/?access_token=x`)
    await wrapped(elsewhere, { latchkey: false })
    await wrapped(elsewhere, { headers: { authorization: 'Basic eDp5' } })
    await wrapped(new Request(elsewhere, { headers: { authorization: 'Basic eDp5' } }))
    await wrapped('data:text/plain,x').catch(() => {})
    await api.get('/me')
    expect(warnings).toEqual([])
  })
})

describe('the first refresh of a session that is refused', () => {
  const refused = async (before: number): Promise<string> => {
    const { session } = await signIn({ refresh: jsonRefresh({ url: 'http://app.test/auth/refresh' }) })
    backend.renew = () => json({ accessToken: 'access-2', refreshToken: 'refresh-2' })
    for (let turn = 0; turn < before; turn++) await session.refresh()
    backend.renew = () => json({ message: 'no' }, 401)
    return session.refresh().catch(({ message }) => message)
  }

  test('asks whether the server speaks the protocol', async () => {
    expect(await refused(0)).toMatch(/does your server speak this protocol\? See SESSION_EXPIRED in /)
  })

  test('and no later one does', async () => {
    expect(await refused(1)).not.toContain('protocol')
  })
})

describe('a refresh endpoint that cannot be reached', () => {
  const messageOf = async (url: string): Promise<string> => {
    backend.renew = () => HttpResponse.error()
    backend.answer = () => HttpResponse.error()
    vi.spyOn(Math, 'random').mockReturnValue(0)
    const refresh = cookie({ url, silentStart: false, headers: { 'X-App': 'secret' } })
    const session = openSession({ refresh })
    await session.setTokens({ accessToken: 'access-1' })
    return session.refresh().catch(({ message }) => message)
  }

  test('on another origin names what CORS must allow, and the headers that were sent by their names', async () => {
    const message = await messageOf(`${elsewhere}/refresh?key=secret`)
    expect(message).toContain('CORS')
    expect(message).toContain('Access-Control-Allow-Origin: http://app.test')
    expect(message).toContain('Access-Control-Allow-Credentials: true')
    expect(message).toContain('Access-Control-Allow-Headers: x-app, x-requested-with')
    expect(message).not.toContain('secret')
  })

  test('on the origin of the page does not blame CORS for headers', async () => {
    expect(await messageOf('http://app.test/auth/refresh')).not.toContain('Access-Control')
  })
})

test('setTokens names the fields that were there, and no value', async () => {
  const session = openSession()
  const given = { token: 'top-secret', user: { name: 'Ada' }, odd7: 1 }
  const error = await session.setTokens(given).catch((error: Error) => error)
  expect(error).toMatchObject({ code: 'INVALID_TOKENS' })
  expect((error as Error).message).toContain('You passed these fields: token, user.name, others')
  expect((error as Error).message).not.toContain('top-secret')
})

describe('withSession says what it takes', () => {
  test.each([[undefined], [null], [{}]])('of axios, given %j', (instance) => {
    expect(() => withSession(instance as never, openSession())).toThrow(
      /^withSession takes an axios instance/,
    )
  })

  test.each([[undefined], ['fetch'], [{}]])('of fetch, given %j', (given) => {
    expect(() => guardFetch(given as never, openSession())).toThrow(/^withSession takes a fetch/)
  })
})

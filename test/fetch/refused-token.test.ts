import { expect, test } from 'vitest'
import { authErrorOf } from '../../src/fetch.js'
import { authorizationOf, useBackend } from '../support/backend.js'
import { signIn } from '../support/guarded-fetch.js'
import { holding } from '../support/holding.js'
import { nextEvent } from '../support/next-event.js'
import { claimRefusedTokensWait } from '../support/refused-token-claims.js'

const backend = useBackend()

claimRefusedTokensWait(backend, async (options, tokens) => {
  const { session, get } = await signIn(options, tokens)
  return {
    session,
    get: (path, init) =>
      get(path, init).then(
        (response) => ({ status: response.status, code: authErrorOf(response)?.code }),
        (error) => {
          const reason = authErrorOf(error)
          return reason ? { code: reason.code } : {}
        },
      ),
  }
})

test('a body that can be sent once waits for the new token as well, and arrives', async () => {
  const { session, get } = await signIn()
  backend.accepted.clear()
  const refresh = holding(backend.renew)
  backend.renew = refresh.respond
  const first = get('/first')
  await refresh.arrived
  const held = nextEvent(session, 'request-held')
  const body = new Response('the file').body
  const upload = get('/files', { method: 'POST', body, duplex: 'half' } as RequestInit)
  expect(await held).toMatchObject({ url: 'http://app.test/api/files', reason: 'refused' })
  refresh.release()
  expect((await Promise.all([first, upload])).map(({ status }) => status)).toEqual([200, 200])
  const files = backend.calls.filter(({ url }) => url.pathname === '/api/files')
  expect(files.map((call) => [authorizationOf(call), call.text])).toEqual([['Bearer access-2', 'the file']])
})

// @vitest-environment node
import { expect, test } from 'vitest'
import { createSSRApp, defineComponent } from 'vue'
import { renderToString } from 'vue/server-renderer'
import { createSession, type Session } from '../../src/index.js'
import { headerPair } from '../../src/servers.js'
import { sessionPlugin, useSession } from '../../src/vue.js'
import { countSubscribers } from '../support/counted-session.js'
import { unsignedJwt } from '../support/unsigned-jwt.js'

const refresh = headerPair({ url: 'https://api.example.com/auth/refresh' })
const Account = defineComponent(() => {
  const state = useSession()
  return () => state.value.status
})
const render = (session: Session): Promise<string> =>
  renderToString(createSSRApp(Account).use(sessionPlugin(session)))

test('this is a server: there is no document', () => {
  expect('document' in globalThis).toBe(false)
})

test('what is rendered on the server is `loading`, and leaves no listener', async () => {
  const counted = countSubscribers(createSession({ refresh }))
  await counted.session.setTokens({ accessToken: unsignedJwt({ sub: 'ada' }) })
  expect(await render(counted.session)).toBe('loading')
  expect(counted.subscriptions).toBe(0)
})

test('two requests that are rendered at the same time share nothing, though their sessions have one name', async () => {
  const [adas, graces] = [createSession({ refresh }), createSession({ refresh })]
  await adas.setTokens({ accessToken: unsignedJwt({ sub: 'ada' }) })
  await Promise.all([adas, graces].map(render))
  await graces.ready
  expect(graces.state).toEqual({ status: 'signed-out', reason: 'none' })
})

import { expect, test, vi } from 'vitest'
import { sessionPlugin, useSession } from '../../src/vue.js'
import { countSubscribers } from '../support/counted-session.js'
import { openSession } from '../support/guarded-api.js'
import { oldest } from '../support/oldest-frameworks.js'
import { unsignedJwt } from '../support/unsigned-jwt.js'

vi.mock('vue', async () => (await import('../support/oldest-frameworks.js')).oldest('vue'))

const { createSSRApp, defineComponent, nextTick, version } = oldest('vue') as typeof import('vue')

test('Vue 3.3.0 takes it over from the server, follows it and leaves no listener', async () => {
  expect(version).toBe('3.3.0')
  const complaints: unknown[] = []
  const counted = countSubscribers(openSession())
  await counted.session.setTokens({ accessToken: unsignedJwt({ sub: 'ada' }) })
  const Account = defineComponent(() => {
    const state = useSession()
    return () => state.value.status
  })
  const app = createSSRApp(Account).use(sessionPlugin(counted.session))
  app.config.warnHandler = (warning) => complaints.push(warning)
  const main = document.createElement('main')
  main.innerHTML = 'loading'
  app.mount(main)
  await nextTick()
  expect(main.textContent).toBe('signed-in')
  await counted.session.signOut()
  await nextTick()
  expect(main.textContent).toBe('signed-out')
  app.unmount()
  expect(counted.subscribers).toBe(0)
  expect(complaints).toEqual([])
})

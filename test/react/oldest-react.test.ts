import { expect, onTestFinished, test, vi } from 'vitest'
import { useSession } from '../../src/react.js'
import { countSubscribers } from '../support/counted-session.js'
import { openSession } from '../support/guarded-api.js'
import { oldest } from '../support/oldest-frameworks.js'
import { unsignedJwt } from '../support/unsigned-jwt.js'

vi.mock('react', async () => (await import('../support/oldest-frameworks.js')).oldest('react'))

const { createElement, StrictMode, version } = oldest('react') as typeof import('react')
const { createRoot, hydrateRoot } = oldest('react-dom/client') as typeof import('react-dom/client')
const { renderToString } = oldest('react-dom/server') as typeof import('react-dom/server')

test('React 18.0.0 renders it on the server, takes it over, follows it in StrictMode and leaves no listener', async () => {
  expect(version).toMatch(/^18\.0\.0/)
  const counted = countSubscribers(openSession())
  const Account = (): string => useSession(counted.session).status
  const page = createElement(StrictMode, null, createElement(Account))
  const main = document.createElement('main')
  main.innerHTML = renderToString(page)
  expect(main.textContent).toBe('loading')

  const mismatches: unknown[] = []
  const hydrated = hydrateRoot(main, page, { onRecoverableError: (error) => mismatches.push(error) })
  await expect.poll(() => main.textContent).toBe('signed-out')
  await counted.session.setTokens({ accessToken: unsignedJwt({ sub: 'ada' }) })
  await expect.poll(() => main.textContent).toBe('signed-in')
  expect(mismatches).toEqual([])
  hydrated.unmount()
  await expect.poll(() => counted.subscribers).toBe(0)

  const root = createRoot(main)
  onTestFinished(() => root.unmount())
  root.render(page)
  await expect.poll(() => [main.textContent, counted.subscribers]).toEqual(['signed-in', 1])
})

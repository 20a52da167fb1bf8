import { expect, test, vi } from 'vitest'
import { watchSideEffects } from './support/side-effects.js'

test('an import in a page touches nothing and leaves no global behind', async () => {
  vi.resetModules()
  const before = Reflect.ownKeys(globalThis)
  const { names } = watchSideEffects()
  await import('../../src/index.js')
  await import('../../src/axios.js')
  await import('../../src/servers.js')
  expect(names).toEqual([])
  expect(Reflect.ownKeys(globalThis)).toEqual(before)
})

test('the watch sees what is touched', async () => {
  const { names } = watchSideEffects()
  const { createSession, webStorageStore } = await import('../../src/index.js')
  const { headerPair } = await import('../../src/servers.js')
  const refresh = headerPair({ url: '/auth/refresh' })
  const session = createSession({ refresh, store: webStorageStore('local') })
  await session.ready
  session.dispose()
  expect(names).toEqual(
    expect.arrayContaining(['addEventListener', 'BroadcastChannel', 'localStorage', 'setTimeout']),
  )
})

import { pathToFileURL } from 'node:url'
import type { HttpClient } from '@angular/common/http'
import { firstValueFrom } from 'rxjs'
import { expect, test, vi } from 'vitest'
import { injectSession, provideSession, sessionInterceptor } from '../../src/angular.js'
import { useBackend } from '../support/backend.js'
import { countSubscribers } from '../support/counted-session.js'
import { openSession } from '../support/guarded-api.js'

vi.mock('@angular/core', () => load('@angular/core'))
vi.mock('@angular/common', () => load('@angular/common'))
vi.mock('@angular/common/http', () => load('@angular/common/http'))

async function load<Module>(name: string): Promise<Module> {
  const { oldest } = await import('../support/oldest-frameworks.js')
  await import(pathToFileURL(oldest.resolve('@angular/compiler')).href)
  return import(pathToFileURL(oldest.resolve(name)).href)
}

const backend = useBackend()

test('Angular 17.0.0 keeps HttpClient signed in over an expiry, and shows the session as a signal', async () => {
  const core = await load<typeof import('@angular/core')>('@angular/core')
  const common = await load<typeof import('@angular/common')>('@angular/common')
  const http = await load<typeof import('@angular/common/http')>('@angular/common/http')
  expect(core.VERSION.full).toBe('17.0.0')
  const counted = countSubscribers(openSession())
  const { session } = counted
  await session.setTokens({ accessToken: 'access-1', refreshToken: 'refresh-1' })
  backend.accepted.clear()

  const injector = core.createEnvironmentInjector(
    [
      { provide: core.ɵINJECTOR_SCOPE, useValue: 'root' },
      { provide: core.PLATFORM_ID, useValue: 'browser' },
      { provide: core.NgZone, useValue: new core.ɵNoopNgZone() },
      { provide: common.DOCUMENT, useValue: document },
      http.provideHttpClient(http.withFetch(), http.withInterceptors([sessionInterceptor])),
      provideSession(session),
    ],
    null as never,
  )
  const client: HttpClient = injector.get(http.HttpClient)
  const replies = await Promise.all(['/a', '/b'].map((path) => firstValueFrom(client.get(path))))
  expect(replies).toEqual([{ path: '/a' }, { path: '/b' }])
  expect(backend.refreshes.length).toBe(1)

  const state = core.runInInjectionContext(injector, () => injectSession())
  expect(state()).toMatchObject({ status: 'signed-in', claims: null })
  await session.signOut()
  expect(state()).toMatchObject({ status: 'signed-out' })
  injector.destroy()
  expect(counted.subscribers).toBe(0)
})

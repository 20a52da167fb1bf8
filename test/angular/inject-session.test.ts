import '@angular/compiler'
import {
  type ApplicationRef,
  Component,
  createEnvironmentInjector,
  EnvironmentInjector,
  PLATFORM_ID,
  provideZonelessChangeDetection,
  runInInjectionContext,
} from '@angular/core'
import { createApplication } from '@angular/platform-browser'
import { expect, onTestFinished, test, vi } from 'vitest'
import { injectSession, provideSession } from '../../src/angular.js'
import type { Session } from '../../src/index.js'
import { countSubscribers } from '../support/counted-session.js'
import { openSession } from '../support/guarded-api.js'
import { unsignedJwt } from '../support/unsigned-jwt.js'

const renew = vi.fn()
const adasToken = unsignedJwt({ sub: 'ada', exp: Date.UTC(2040, 0, 1) / 1000 })
const open = (): Session => openSession({ refresh: renew })

class Account {
  readonly session = injectSession()
}
Component({
  selector: 'app-account',
  template: `@let state = session(); @if (state.status === 'signed-in') { signed in as {{ state.claims?.sub }} } @else { {{ state.status }} }`,
})(Account)

async function start(session: Session): Promise<{ app: ApplicationRef; text(): string }> {
  const app = await createApplication({
    providers: [provideZonelessChangeDetection(), provideSession(session)],
  })
  onTestFinished(() => {
    if (!app.destroyed) app.destroy()
  })
  const host = document.createElement('app-account')
  app.bootstrap(Account, host)
  await app.whenStable()
  return { app, text: () => host.textContent.trim() }
}

test('a component shows the state of the session, and each change of it', async () => {
  const session = open()
  const { app, text } = await start(session)
  await session.ready
  await app.whenStable()
  expect(text()).toBe('signed-out')
  await session.setTokens({ accessToken: adasToken })
  await app.whenStable()
  expect(text()).toBe('signed in as ada')
  await session.signOut()
  await app.whenStable()
  expect(text()).toBe('signed-out')
})

test('however many ask for it, there is one signal and one listener, and none after the app', async () => {
  const counted = countSubscribers(open())
  const { app } = await start(counted.session)
  const ask = () => runInInjectionContext(app.injector, () => injectSession())
  expect(ask()).toBe(ask())
  expect(counted.subscribers).toBe(1)
  app.destroy()
  expect(counted.subscribers).toBe(0)
  expect(renew).not.toHaveBeenCalled()
})

test('on a server the state is `loading`, and nobody listens', async () => {
  const counted = countSubscribers(open())
  await counted.session.setTokens({ accessToken: adasToken })
  const { app } = await start(open())
  const server = createEnvironmentInjector(
    [{ provide: PLATFORM_ID, useValue: 'server' }, provideSession(counted.session)],
    app.injector.get(EnvironmentInjector),
  )
  const state = runInInjectionContext(server, () => injectSession())
  expect(state()).toEqual({ status: 'loading' })
  expect(counted.subscriptions).toBe(0)
})

test('a session disposed of under a mounted component leaves the tree standing', async () => {
  const session = open()
  await session.setTokens({ accessToken: adasToken })
  const { app, text } = await start(session)
  session.dispose()
  app.tick()
  expect(text()).toBe('signed in as ada')
})

test('a token without claims is null in the state, and the tree stands', async () => {
  const session = open()
  await session.setTokens({ accessToken: 'opaque' })
  const { text } = await start(session)
  expect(text()).toBe('signed in as')
})

test('without provideSession, injectSession says what to do', async () => {
  const app = await createApplication({ providers: [provideZonelessChangeDetection()] })
  onTestFinished(() => app.destroy())
  expect(() => runInInjectionContext(app.injector, () => injectSession())).toThrow(
    new TypeError('There is no session: add provideSession(session) to the providers'),
  )
})

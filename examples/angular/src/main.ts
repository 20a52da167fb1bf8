import '@angular/compiler'
import { provideHttpClient, withInterceptors } from '@angular/common/http'
import { Component, effect, inject, provideZonelessChangeDetection } from '@angular/core'
import { bootstrapApplication } from '@angular/platform-browser'
import { provideRouter, Router, RouterLink, RouterOutlet, withHashLocation } from '@angular/router'
import { injectSession, provideSession, sessionInterceptor } from 'latchkey/angular'
import { AccountPage } from './account-page'
import { session } from './session'
import { SignInPage } from './sign-in-page'

@Component({ selector: 'app-home', template: '<p>Everybody can read this.</p>' })
class HomePage {}

@Component({
  selector: 'app-root',
  imports: [RouterLink, RouterOutlet],
  template: `
    <nav><a routerLink="/">Home</a> <a routerLink="/account">Account</a></nav>
    <router-outlet />
  `,
})
class App {
  constructor() {
    const state = injectSession()
    const router = inject(Router)
    // Whoever signs in goes on to the account; whoever is signed out, here or in another tab, leaves it.
    effect(() => {
      const { status } = state()
      if (status === 'signed-in' && router.url === '/sign-in') router.navigateByUrl('/account')
      if (status === 'signed-out' && router.url === '/account') router.navigateByUrl('/sign-in')
    })
  }
}

/** A page for those who are signed in; the others sign in first. */
async function signedIn() {
  const router = inject(Router)
  await session.ready
  return session.state.status === 'signed-in' || router.parseUrl('/sign-in')
}

bootstrapApplication(App, {
  providers: [
    provideZonelessChangeDetection(),
    provideRouter(
      [
        { path: '', component: HomePage },
        { path: 'sign-in', component: SignInPage },
        { path: 'account', component: AccountPage, canActivate: [signedIn] },
      ],
      withHashLocation(),
    ),
    provideHttpClient(withInterceptors([sessionInterceptor])),
    provideSession(session),
  ],
})

import { HttpClient } from '@angular/common/http'
import { Component, computed, DestroyRef, effect, inject, signal, untracked } from '@angular/core'
import { injectSession } from 'latchkey/angular'
import { forkJoin, type Subscription } from 'rxjs'
import { session } from './session'

@Component({
  selector: 'app-account',
  template: `
    <h1>{{ name() ? 'Hello, ' + name() : '…' }}</h1>
    <ul>
      @for (order of orders(); track order) {
        <li>{{ order }}</li>
      }
    </ul>
    <output>{{ isLoading() ? 'Loading' : 'Loaded' }}</output>
    <button type="button" (click)="load()">Load again</button>
    <button type="button" (click)="signOut()">Sign out</button>
  `,
})
export class AccountPage {
  readonly name = signal('')
  readonly orders = signal<string[]>([])
  readonly isLoading = signal(false)
  readonly #http = inject(HttpClient)
  #loading?: Subscription

  constructor() {
    const state = injectSession()
    const user = computed(() => {
      const now = state()
      return now.status === 'signed-in' ? now.claims?.sub : undefined
    })
    // What one user has fetched is nothing for the next.
    effect(() => {
      const isSignedIn = user() !== undefined
      this.name.set('')
      this.orders.set([])
      if (isSignedIn) untracked(() => this.load())
    })
    // Gives up the requests when nobody needs them any more, also while they wait for a new token.
    inject(DestroyRef).onDestroy(() => this.#loading?.unsubscribe())
  }

  load(): void {
    this.isLoading.set(true)
    this.#loading?.unsubscribe()
    this.#loading = forkJoin({
      profile: this.#http.get<{ name: string }>('/api/profile'),
      orders: this.#http.get<string[]>('/api/orders'),
    }).subscribe(({ profile, orders }) => {
      this.name.set(profile.name)
      this.orders.set(orders)
      this.isLoading.set(false)
    })
  }

  signOut(): void {
    session.signOut()
  }
}

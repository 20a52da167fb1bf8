import { HttpClient } from '@angular/common/http'
import { Component, inject } from '@angular/core'
import type { TokenSet } from 'latchkey'
import { firstValueFrom } from 'rxjs'
import { session } from './session'

@Component({
  selector: 'app-sign-in',
  template: `
    <form (submit)="signIn($event, name.value)">
      <label>Name <input #name required /></label>
      <button type="submit">Sign in</button>
    </form>
  `,
})
export class SignInPage {
  readonly #http = inject(HttpClient)

  async signIn(event: Event, user: string): Promise<void> {
    event.preventDefault()
    await session.setTokens(await firstValueFrom(this.#http.post<TokenSet>('/auth/sign-in', { user })))
  }
}

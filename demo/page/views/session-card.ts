import type { Words } from '../words/words.js'
import { button, create, hint } from './element.js'
import { createRing, type SignedIn } from './ring.js'

/** Who is signed in, and how long the access token has to live. */
export interface SessionCard {
  readonly element: HTMLElement
  show(state: SignedIn | null): void
}

export interface SessionCardParts {
  words: Words
  onSignOut(): void
  onExpire(): Promise<void>
  /** One call with the token as it is. */
  onCall(): void
}

export function createSessionCard(parts: SessionCardParts): SessionCard {
  const { onSignOut, onExpire, onCall } = parts
  const words = parts.words.session
  const who = create('span', { 'data-testid': 'who' })
  const ring = createRing(parts.words)
  const notice = create('p', { class: 'notice', role: 'status', 'data-testid': 'expired-now' })
  const element = create(
    'section',
    {
      class: 'card',
      id: 'session',
      'aria-labelledby': 'session-title',
      tabindex: -1,
      'data-testid': 'session',
      hidden: true,
    },
    create(
      'div',
      { class: 'title-row' },
      create('h2', { id: 'session-title' }, create('span', { class: 'eyebrow' }, words.title), ' ', who),
      button(words.signOut, { class: 'quiet', 'data-testid': 'sign-out' }, onSignOut),
    ),
    ring.element,
    create(
      'div',
      { class: 'row' },
      button(words.expireNow, { 'data-testid': 'expire-now', 'aria-describedby': 'expire-hint' }, () => {
        onExpire().then(
          () => say(words.expiredNow),
          () => say(parts.words.signIn.unreachable),
        )
      }),
      button(words.callNow, { 'data-testid': 'call-now' }, onCall),
      hint(words.expireNowHint, { id: 'expire-hint' }),
    ),
    notice,
  )
  let shown: SignedIn | null = null

  function say(text: string): void {
    notice.textContent = text
  }

  return {
    element,
    show(state) {
      if (shown?.claims !== state?.claims) say('')
      shown = state
      element.hidden = state === null
      ring.show(state)
      who.textContent = state?.claims?.name ?? ''
    },
  }
}

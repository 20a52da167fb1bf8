import type { Session, TokenStore } from '../../../src/index.js'
import type { Settings } from '../../backend/settings.js'
import type { DemoClaims } from '../clients/session.js'
import { shorten } from '../shorten.js'
import { clockTime, type Words } from '../words/words.js'
import { button, create, fact, hint } from './element.js'
import { createRing, type SignedIn } from './ring.js'

/** Who is signed in, and both tokens: what they say, how long they live, and where they are kept. */
export interface SessionCard {
  readonly element: HTMLElement
  show(state: SignedIn | null): void
  showRotation(rotation: Settings['rotation']): void
}

export interface SessionCardParts {
  words: Words
  session: Session<DemoClaims>
  store: TokenStore
  databaseName: string
  isCookie: boolean
  onSignOut(): void
  onExpire(): Promise<void>
}

export function createSessionCard(parts: SessionCardParts): SessionCard {
  const { session, store, databaseName, isCookie, onSignOut, onExpire } = parts
  const words = parts.words.session
  const who = create('span', { 'data-testid': 'who' })
  const ring = createRing(parts.words)
  const notice = create('p', { class: 'notice', role: 'status', 'data-testid': 'expired-now' })
  const claims = create('dl', { class: 'facts', 'data-testid': 'claims' })
  const keptIn = create('span', { 'data-testid': 'stored-in' }, words.keptIn(databaseName))
  const generation = create('span', { 'data-testid': 'generation' })
  const rotation = create('span')
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
      create('h2', { id: 'session-title' }, `${words.title} `, who),
      button(words.signOut, { class: 'quiet', 'data-testid': 'sign-out' }, onSignOut),
    ),
    ring.element,
    create(
      'div',
      { class: 'row' },
      button(words.expireNow, { 'data-testid': 'expire-now', 'aria-describedby': 'expire-hint' }, () => {
        void onExpire().then(() => {
          notice.textContent = words.expiredNow
        })
      }),
      hint(words.expireNowHint, { id: 'expire-hint' }),
    ),
    notice,
    create('h3', {}, words.accessToken),
    claims,
    create('h3', {}, words.refreshToken),
    create(
      'dl',
      { class: 'facts' },
      fact(words.refreshToken, isCookie ? words.inCookie : words.opaque, '; ', rotation),
      fact(words.generation, generation),
      fact(words.kept, keptIn),
    ),
  )
  let shown: SignedIn | null = null

  session.on((event) => {
    if (event.type === 'store-failed') keptIn.textContent = words.keptInMemory(event.reason)
  })

  async function showRecord(state: SignedIn): Promise<void> {
    const record = await store.read()
    if (!record || shown?.claims !== state.claims) return
    generation.textContent = words.generationIs(record.generation)
    claims.querySelector('[data-shortened]')?.replaceChildren(shorten(record.accessToken))
  }

  return {
    element,

    show(state) {
      const isNewToken = shown?.claims !== state?.claims
      shown = state
      element.hidden = state === null
      ring.show(state)
      if (!state?.claims || !isNewToken) return
      who.textContent = state.claims.name
      notice.textContent = ''
      claims.replaceChildren(...factsOf(state.claims, parts.words))
      void showRecord(state)
    },

    showRotation(kind) {
      rotation.textContent = words.rotation[kind]
    },
  }
}

function factsOf({ sub, name, sid, jti, iat, exp }: DemoClaims, { session }: Words): HTMLElement[] {
  const { claims } = session
  const rows: [keyof typeof claims, string][] = [
    ['sub', `${sub} (${name})`],
    ['sid', shorten(sid)],
    ['jti', shorten(jti)],
    ['iat', clockTime(iat * 1000)],
    ['exp', clockTime(exp * 1000)],
  ]
  const term = (word: string, claim: string): HTMLElement =>
    create('span', {}, word, ' ', create('code', {}, claim))
  return [
    ...rows.map(([claim, value]) => fact(term(claims[claim], claim), value)),
    fact(session.shortened, create('code', { 'data-shortened': true, 'data-testid': 'shortened' }, '…')),
  ]
}

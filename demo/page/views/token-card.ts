import type { Session, TokenStore } from '../../../src/index.js'
import type { Settings } from '../../backend/settings.js'
import type { DemoClaims } from '../clients/session.js'
import { shorten } from '../shorten.js'
import { clockTime, type Words } from '../words/words.js'
import { card, create, fact } from './element.js'
import type { SignedIn } from './ring.js'

/** Both tokens: what they say, which refresh brought them, and where they are kept. */
export interface TokenCard {
  readonly element: HTMLElement
  show(state: SignedIn | null): void
  showRotation(rotation: Settings['rotation']): void
}

export interface TokenCardParts {
  words: Words
  session: Session<DemoClaims>
  store: TokenStore
  databaseName: string
  isCookie: boolean
}

export function createTokenCard(parts: TokenCardParts): TokenCard {
  const { session, store, databaseName, isCookie } = parts
  const words = parts.words.tokens
  const claims = create('dl', { class: 'facts', 'data-testid': 'claims' })
  const keptIn = create('span', { 'data-testid': 'stored-in' }, words.keptIn(databaseName))
  const generation = create('span', { 'data-testid': 'generation' })
  const rotation = create('span')
  const element = card(
    'tokens',
    words.title,
    create('h3', {}, words.accessToken),
    claims,
    create('h3', {}, words.refreshToken),
    create(
      'dl',
      { class: 'facts' },
      fact(words.form, isCookie ? words.inCookie : words.opaque),
      fact(words.use, rotation),
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
      if (!state?.claims || !isNewToken) return
      claims.replaceChildren(...factsOf(state.claims, parts.words))
      void showRecord(state)
    },

    showRotation(kind) {
      rotation.textContent = words.rotation[kind]
    },
  }
}

function factsOf({ sub, name, sid, jti, iat, exp }: DemoClaims, { tokens }: Words): HTMLElement[] {
  const { claims } = tokens
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
    fact(tokens.shortened, create('code', { 'data-shortened': true, 'data-testid': 'shortened' }, '…')),
  ]
}

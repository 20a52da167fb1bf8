import type { Session, SessionState } from '../../src/index.js'
import { createAnimation } from './animation.js'
import { create, element } from './element.js'
import type { DemoClaims } from './session.js'
import { clockTime, shorten } from './words.js'

type SignedIn = Extract<SessionState<DemoClaims>, { status: 'signed-in' }>

const endingShare = 0.25

/** The access token: whose it is, what it says, where it is kept, and its life running down. */
export interface TokenCard {
  show(state: SignedIn): void
  hide(): void
}

export function createTokenCard(session: Session<DemoClaims>): TokenCard {
  const cards = [element('session', HTMLElement), element('token', HTMLElement)]
  const claims = element('claims', HTMLElement)
  const shortened = element('shortened', HTMLElement)
  const storedIn = element('stored-in', HTMLElement)
  const life = createLife()
  let shown: SignedIn | null = null
  const animation = createAnimation(() => shown !== null && life.draw(shown))

  storedIn.textContent = 'IndexedDB of this origin, in the database “latchkey”'
  session.on((event) => {
    if (event.type === 'store-failed')
      storedIn.textContent = `the memory of this tab, as the store failed: ${event.reason}`
  })

  async function showToken(state: SignedIn): Promise<void> {
    // Asked for while it is good only: asking for an expired one would renew it.
    if (state.expiresAt === null || state.expiresAt <= Date.now()) return
    const token = await session.getAccessToken()
    if (token && shown?.claims === state.claims) shortened.textContent = shorten(token)
  }

  return {
    show(state) {
      const isNewToken = shown?.claims !== state.claims
      shown = state
      for (const card of cards) card.hidden = false
      animation.start()
      if (!isNewToken || !state.claims) return
      element('who', HTMLElement).textContent = state.claims.name
      shortened.textContent = '…'
      claims.replaceChildren(...facts(state.claims))
      void showToken(state)
    },

    hide() {
      shown = null
      for (const card of cards) card.hidden = true
      shortened.textContent = '…'
    },
  }
}

function createLife(): { draw(state: SignedIn): boolean } {
  const ring = element('ring', SVGElement)
  const left = element('ring-left', SVGElement)
  const figure = element('ring-figure', SVGElement)
  const unit = element('ring-unit', SVGElement)
  const status = element('token-status', HTMLElement)
  const hint = element('token-hint', HTMLElement)

  function say(
    life: string,
    figureText: string,
    unitText: string,
    statusText: string,
    hintText: string,
  ): void {
    if (ring.dataset.life === life && figure.textContent === figureText) return
    ring.dataset.life = life
    figure.textContent = figureText
    unit.textContent = unitText
    status.textContent = statusText
    hint.textContent = hintText
  }

  return {
    draw({ claims, expiresAt, refreshing }) {
      const lifetimeMs = claims ? (claims.exp - claims.iat) * 1000 : 0
      const leftMs = (expiresAt ?? 0) - Date.now()
      const share = Math.max(0, Math.min(1, leftMs / lifetimeMs))
      left.style.strokeDashoffset = String(1 - share)
      if (refreshing) {
        say('refreshing', '', 'renewing', 'Being renewed', 'Calls wait until the new token is here.')
      } else if (leftMs <= 0) {
        say('expired', '0', 'seconds', 'Run out', 'Nothing happens until a call needs a new one.')
      } else {
        const seconds = Math.ceil(leftMs / 1000)
        const life = share < endingShare ? 'ending' : 'good'
        const hintText = `It was made to live for ${lifetimeMs / 1000} seconds.`
        say(life, String(seconds), seconds === 1 ? 'second' : 'seconds', 'Good for now', hintText)
      }
      return !refreshing && leftMs > 0
    },
  }
}

function facts({ sub, name, sid, jti, iat, exp }: DemoClaims): HTMLElement[] {
  const rows: [string, string, string][] = [
    ['Subject', 'sub', `${sub} (${name})`],
    ['Session', 'sid', shorten(sid)],
    ['Token', 'jti', shorten(jti)],
    ['Issued', 'iat', clockTime(iat)],
    ['Expires', 'exp', clockTime(exp)],
  ]
  return rows.map(([word, claim, value]) =>
    create('div', {}, create('dt', {}, word, create('code', {}, claim)), create('dd', {}, value)),
  )
}

import type { SessionState } from '../../../src/index.js'
import type { DemoClaims } from '../clients/session.js'
import type { Words } from '../words/words.js'
import { create, createSvg } from './element.js'

export type SignedIn = Extract<SessionState<DemoClaims>, { status: 'signed-in' }>

const endingShare = 0.25
const stepMs = 80
/** Where somebody wants less motion. */
const calmStepMs = 1_000

/** The life of an access token as a ring that shrinks. */
export interface Ring {
  readonly element: HTMLElement
  show(state: SignedIn | null): void
}

export function createRing(words: Words): Ring {
  const { session } = words
  const left = createSvg('circle', { class: 'ring-left', cx: 50, cy: 50, r: 44, pathLength: 1 })
  const figure = createSvg('text', { x: 50, y: 45 })
  const unit = createSvg('text', { class: 'ring-unit', x: 50, y: 66 })
  const ring = createSvg(
    'svg',
    { class: 'ring', viewBox: '0 0 100 100', 'aria-hidden': 'true', 'data-testid': 'ring' },
    createSvg('circle', { class: 'ring-track', cx: 50, cy: 50, r: 44 }),
    left,
    figure,
    unit,
  )
  const status = create('p', { class: 'token-status', 'data-testid': 'token-status' })
  const hint = create('p', { class: 'hint' })
  const element = create('div', { class: 'life' }, ring, create('div', {}, status, hint))
  const calm = matchMedia('(prefers-reduced-motion: reduce)')
  let shown: SignedIn | null = null
  let timer: ReturnType<typeof setTimeout> | undefined

  /** Not in each frame: what takes many seconds moves smoothly enough. */
  function keepDrawing(): void {
    clearTimeout(timer)
    const leftMs = shown ? draw(shown) : 0
    if (leftMs > 0) timer = setTimeout(keepDrawing, Math.min(leftMs, calm.matches ? calmStepMs : stepMs))
  }

  function say(life: string, figureText: string, unitText: string, [state, about]: [string, string]): void {
    if (ring.dataset.life === life && figure.textContent === figureText) return
    ring.dataset.life = life
    figure.textContent = figureText
    unit.textContent = unitText
    status.textContent = state
    hint.textContent = about
  }

  /** Returns how long there is something to shrink. */
  function draw({ claims, expiresAt, refreshing }: SignedIn): number {
    const lifetimeMs = claims ? (claims.exp - claims.iat) * 1000 : 0
    const leftMs = (expiresAt ?? 0) - Date.now()
    const share = Math.max(0, Math.min(1, leftMs / lifetimeMs))
    left.style.strokeDashoffset = String(1 - share)
    if (refreshing) {
      say('refreshing', '', session.refreshing, session.states.refreshing)
    } else if (leftMs <= 0) {
      say('expired', '0', session.second(0), session.states.expired)
    } else {
      const seconds = Math.ceil(leftMs / 1000)
      const life = share < endingShare ? 'ending' : 'good'
      const about = session.lifetime(lifetimeMs / 1000)
      say(life, String(seconds), session.second(seconds), [session.states.good[0], about])
    }
    return refreshing ? 0 : leftMs
  }

  return {
    element,
    show(state) {
      shown = state
      keepDrawing()
    },
  }
}

import { element } from './element.js'
import type { Scenarios } from './scenarios.js'

/** The buttons. One run at a time, so that each story has one cause. */
export interface Actions {
  show(): void
  hide(): void
}

/** `perform` runs a scenario and tells afterwards what came of it. */
export function createActions(
  scenarios: Scenarios,
  perform: (scenario: () => Promise<void>) => Promise<void>,
): Actions {
  const section = element('actions', HTMLElement)
  const notice = element('notice', HTMLElement)
  const waiting = element('burst-when-expired', HTMLButtonElement)
  const waitingText = waiting.textContent?.trim() ?? ''
  const buttons = [...section.querySelectorAll('button')]
  let wait: AbortController | null = null
  let isBusy = false

  async function run(scenario: () => Promise<void>): Promise<void> {
    if (isBusy) return
    setBusy(true)
    notice.textContent = ''
    try {
      await perform(scenario)
    } catch {
      notice.textContent = 'The server could not be reached. Is it still running?'
    } finally {
      setBusy(false)
    }
  }

  /** Not `disabled`, which would take the keyboard's place on the page away. */
  function setBusy(busy: boolean): void {
    isBusy = busy
    for (const button of buttons)
      button.setAttribute('aria-disabled', String(busy && !(wait && button === waiting)))
  }

  async function runWhenExpired(): Promise<void> {
    if (wait) return wait.abort()
    if (isBusy) return
    const controller = new AbortController()
    wait = controller
    waiting.textContent = 'Cancel the wait'
    const over = (): void => {
      wait = null
      waiting.textContent = waitingText
      notice.textContent = ''
      setBusy(isBusy)
    }
    controller.signal.addEventListener('abort', over)
    await run(() => {
      notice.textContent = 'Waiting for the token to run out. The calls go out by themselves.'
      return scenarios.burstWhenExpired(controller.signal, over)
    })
  }

  const onClick = (id: string, action: () => Promise<void>): void => {
    element(id, HTMLButtonElement).addEventListener('click', () => void action())
  }
  onClick('burst-when-expired', runWhenExpired)
  onClick('call-once', () => run(scenarios.callOnce))
  onClick('burst', () => run(scenarios.burst))
  onClick('surprise', () => run(scenarios.burstRefused))
  onClick('leave', () => run(scenarios.leaveDuringRefresh))

  return {
    show() {
      section.hidden = false
    },
    hide() {
      section.hidden = true
      wait?.abort()
    },
  }
}
